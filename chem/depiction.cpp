#include "chem/depiction.hpp"

#include <GraphMol/MolDraw2D/MolDraw2DSVG.h>
#include <GraphMol/MolDraw2D/MolDraw2DUtils.h>
#include <GraphMol/MolOps.h>
#include <GraphMol/RWMol.h>
#include <fmt/format.h>

#include <map>
#include <regex>

#include "chem/error.hpp"
#include "chem/heavy_graph.hpp"
#include "chem/rdkit_log.hpp"

namespace theriac::chem {
namespace {

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

void draw_marked(RDKit::MolDraw2DSVG& drawer, RDKit::RWMol& flat, const std::vector<AtomMark>& marks) {
  constexpr double drawn_bond = 1.5;  // of RDKit's flat coordinates
  std::vector<int> atoms;
  std::map<int, RDKit::DrawColour> colours;
  std::map<int, double> radii;
  for (const AtomMark& mark : marks) {
    if (mark.atom < 0 || mark.atom >= static_cast<int>(flat.getNumAtoms()))
      throw UsageError(fmt::format("there is no atom {} to mark: the molecule has {}, numbered from 0",
                                   mark.atom, flat.getNumAtoms()));
    if (!mark.note.empty())
      flat.getAtomWithIdx(static_cast<unsigned>(mark.atom))
          ->setProp(RDKit::common_properties::atomNote, mark.note);
    if (mark.radius <= 0) continue;
    atoms.push_back(mark.atom);
    colours[mark.atom] = RDKit::DrawColour(mark.colour[0], mark.colour[1], mark.colour[2]);
    radii[mark.atom] = drawn_bond * mark.radius;
  }
  if (!atoms.empty()) RDKit::assignBWPalette(drawer.drawOptions().atomColourPalette);
  drawer.drawOptions().annotationFontScale = 0.6;
  drawer.drawOptions().atomHighlightsAreCircles = true;
  const std::vector<int> no_bonds;
  RDKit::MolDraw2DUtils::prepareAndDrawMolecule(drawer, flat, "", &atoms, &no_bonds, &colours, nullptr,
                                                &radii);
}

std::string drawn(const Molecule& molecule, const DepictionOptions& options) {
  RDKit::RWMol flat(molecule.graph());
  RDKit::MolOps::removeHs(flat);
  flat.clearConformers();
  RDKit::MolDraw2DSVG drawer(options.width, options.height, -1, -1, true);
  drawer.drawOptions().clearBackground = false;
  drawer.drawOptions().padding = 0.04;
  drawer.drawOptions().fixedBondLength = options.bond_length;
  drawer.drawOptions().minFontSize = 10;
  if (options.marks.empty())
    RDKit::MolDraw2DUtils::prepareAndDrawMolecule(drawer, flat);
  else
    draw_marked(drawer, flat, options.marks);
  drawer.finishDrawing();
  return drawer.getDrawingText();
}

/// Only the drawing itself, with what every line repeats said once.
std::string compact(std::string svg) {
  const std::size_t header = svg.find("<!-- END OF HEADER -->"), end = svg.rfind("</svg>");
  if (header == std::string::npos || end == std::string::npos) return svg;
  svg = svg.substr(header + 22, end - header - 22);
  static const std::regex classes(R"( class='[^']*')");
  svg = std::regex_replace(svg, classes, "");
  replace_all(svg, "fill:none;fill-rule:evenodd;", "");
  replace_all(svg, "stroke-width:2.0px;stroke-linecap:butt;stroke-linejoin:miter;stroke-opacity:1", "");
  replace_all(svg, "stroke:#000000;' />", "'/>");
  replace_all(svg, " style=''", "");
  replace_all(svg, ";' />", "'/>");
  replace_all(svg, " style='fill:none;stroke:#000000;'", "");
  replace_all(svg, "font-style:normal;font-weight:normal;fill-opacity:1;", "");
  replace_all(svg, "font-family:sans-serif;text-anchor:start;", "");
  replace_all(svg, "' >", "'>");
  replace_all(svg, ">-</text>", ">\u2212</text>");  // a true minus is wide enough to be seen
  // RDKit's colours of sulphur, chlorine and fluorine are too pale on paper
  replace_all(svg, "#CCCC00", "#8A6D00");
  replace_all(svg, "#00CC00", "#007A00");
  replace_all(svg, "#33CCCC", "#00787A");
  replace_all(svg, "\n", "");
  return svg;
}

}  // namespace

std::string xml_escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        // control characters are not allowed in XML, whatever wrote them into a name
        out += static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' ? ' ' : c;
    }
  }
  return out;
}

std::vector<std::string> drawn_atoms(const Molecule& molecule) {
  const auto graph = heavy_graph(molecule);
  std::vector<std::string> out;
  for (const auto* atom : graph->atoms()) out.push_back(atom->getSymbol());
  return out;
}

std::string depiction_svg(const Molecule& molecule, const DepictionOptions& options) {
  const RdkitLog log;
  std::string body;
  try {
    body = compact(drawn(molecule, options));
  } catch (const UsageError&) {
    throw;
  } catch (const std::exception& e) {
    throw MoleculeError(fmt::format("cannot draw '{}': {}", molecule.smiles(), e.what()));
  }
  const std::string title = xml_escaped(options.title.empty() ? molecule.smiles() : options.title);
  return fmt::format(
      "<svg class=\"mol\" role=\"img\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" fill=\"none\" "
      "stroke=\"#000\" stroke-width=\"1.4\" font-family=\"sans-serif\"><title>{2}</title>{3}</svg>",
      options.width, options.height, title, body);
}

}  // namespace theriac::chem
