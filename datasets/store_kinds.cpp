// Names of kinds and licences, and names as they are compared.
#include <fmt/format.h>

#include <array>
#include <cctype>

#include "chem/error.hpp"
#include "chem/nearest_name.hpp"
#include "datasets/store.hpp"

namespace theriac::datasets {
namespace {

using E = EntityKind;

constexpr std::array<const char*, entity_kinds> entity_names = {
    "drug", "target", "disease", "pathway", "process", "anatomy", "side_effect", "drug_class"};

struct LinkName {
  const char* name;
  E from, to;
};

constexpr std::array<LinkName, link_kinds> link_names = {{
    {"treats", E::drug, E::disease},
    {"palliates", E::drug, E::disease},
    {"off_label", E::drug, E::disease},
    {"in_trial", E::drug, E::disease},
    {"failed", E::drug, E::disease},
    {"contraindicated", E::drug, E::disease},
    {"not_indicated", E::drug, E::disease},
    {"binds", E::drug, E::target},
    {"changes_expression", E::drug, E::target},
    {"docked", E::drug, E::target},
    {"predicted_affinity", E::drug, E::target},
    {"resembles_drug", E::drug, E::drug},
    {"member_of", E::drug, E::drug_class},
    {"causes", E::drug, E::side_effect},
    {"associated", E::disease, E::target},
    {"expression_in", E::disease, E::target},
    {"resembles_disease", E::disease, E::disease},
    {"is_a", E::disease, E::disease},
    {"localizes", E::disease, E::anatomy},
    {"interacts", E::target, E::target},
    {"covaries", E::target, E::target},
    {"regulates", E::target, E::target},
    {"takes_part", E::target, E::pathway},
    {"process_of", E::target, E::process},
    {"expressed", E::anatomy, E::target},
}};

constexpr std::array<const char*, 4> licence_names = {"permissive", "share_alike", "non_commercial",
                                                      "unstated"};

template <class Names>
int index_of(const Names& names, const std::string& name, const char* what) {
  std::vector<std::string> known;
  for (const auto& each : names) {
    if (name == each) return static_cast<int>(known.size());
    known.emplace_back(each);
  }
  const std::string near = chem::nearest_name(name, known);
  std::string all;
  for (const auto& each : known) all += (all.empty() ? "" : ", ") + each;
  throw UsageError(fmt::format("unknown {} '{}'{}", what, name,
                               near.empty() ? "" : fmt::format(", did you mean '{}'?", near)),
                   "known: " + all);
}

bool contains(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

std::string entity_kind_name(EntityKind kind) {
  return entity_names.at(static_cast<std::size_t>(kind));
}

std::string link_kind_name(LinkKind kind) {
  return link_names.at(static_cast<std::size_t>(kind)).name;
}

EntityKind entity_kind_from_name(const std::string& name) {
  return static_cast<EntityKind>(index_of(entity_names, name, "kind of entity"));
}

LinkKind link_kind_from_name(const std::string& name) {
  std::array<const char*, link_kinds> names;
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = link_names[i].name;
  return static_cast<LinkKind>(index_of(names, name, "kind of link"));
}

std::pair<EntityKind, EntityKind> link_ends(LinkKind kind) {
  const auto& link = link_names.at(static_cast<std::size_t>(kind));
  return {link.from, link.to};
}

std::string licence_class_name(LicenceClass licence) {
  return licence_names.at(static_cast<std::size_t>(licence));
}

LicenceClass licence_class_from_name(const std::string& name) {
  return static_cast<LicenceClass>(index_of(licence_names, name, "class of licence"));
}

LicenceClass licence_class(const std::string& licence) {
  std::string plain;  // lower case, one blank for anything that is no letter or digit
  for (const char c : licence) {
    const auto letter = static_cast<unsigned char>(c);
    if (std::isalnum(letter))
      plain += static_cast<char>(std::tolower(letter));
    else if (!plain.empty() && plain.back() != ' ')
      plain += ' ';
  }
  plain = " " + plain + " ";
  for (const char* word : {" nc ", "noncommercial", "non commercial", " nd "})
    if (contains(plain, word)) return LicenceClass::non_commercial;
  for (const char* word : {" cc by sa ", " odbl ", " gpl", " share alike "})
    if (contains(plain, word)) return LicenceClass::share_alike;
  for (const char* word : {" cc0 ", " cc by ", " public domain ", " mit ", " apache ", " bsd ", " pddl "})
    if (contains(plain, word)) return LicenceClass::permissive;
  return LicenceClass::unstated;
}

std::string comparable_name(std::string_view name) {
  std::string out;
  bool gap = false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto c = static_cast<unsigned char>(name[i]);
    // bytes of UTF-8 beyond ASCII are letters; ':' joins the parts of an id
    const bool joins = c == ':' && i > 0 && i + 1 < name.size() &&
                       std::isalnum(static_cast<unsigned char>(name[i - 1])) &&
                       std::isalnum(static_cast<unsigned char>(name[i + 1]));
    if (c >= 0x80 || std::isalnum(c) || joins) {
      if (gap && !out.empty()) out += ' ';
      gap = false;
      out += c < 0x80 ? static_cast<char>(std::tolower(c)) : static_cast<char>(c);
    } else if (c != '\'') {  // Alzheimer's = alzheimers
      gap = true;
    }
  }
  return out;
}

}  // namespace theriac::datasets
