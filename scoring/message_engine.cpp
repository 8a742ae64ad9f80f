#include "scoring/message_engine.hpp"

#include <string_view>

#include "datasets/sha256.hpp"

namespace theriac::scoring {
namespace {

template <typename T>
void append_bytes(std::string& out, const T& value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void append_graph(std::string& out, const chem::BondGraph& graph) {
  append_bytes(out, graph.atom_count());
  append_bytes(out, graph.bond_count());
  for (const auto& a : graph.atoms) {
    for (const std::uint8_t slot : {a.element, a.degree, a.charge, a.handedness, a.hydrogens, a.hybridisation,
                                    static_cast<std::uint8_t>(a.aromatic)})
      append_bytes(out, slot);
    append_bytes(out, a.mass);
  }
  for (const auto& b : graph.bonds)
    for (const std::uint8_t slot :
         {b.order, b.stereo, static_cast<std::uint8_t>(b.conjugated), static_cast<std::uint8_t>(b.in_ring)})
      append_bytes(out, slot);
  for (const auto& ends : graph.ends) append_bytes(out, ends);
}

}  // namespace

std::vector<MessageTensor> message_tensor_list(const MessageShape& s) {
  const int atoms = chem::atom_vector_size, bonds = chem::bond_vector_size;
  return {{"input.weight", {s.hidden, atoms + bonds}, {}},
          {"message.weight", {s.hidden, s.hidden}, {}},
          {"atom.weight", {s.hidden, atoms + s.hidden}, {}},
          {"atom.bias", {s.hidden}, {}},
          {"head.weight", {s.head, 2 * s.hidden + s.extras}, {}},
          {"head.bias", {s.head}, {}},
          {"output.weight", {s.outputs, s.head}, {}},
          {"output.bias", {s.outputs}, {}}};
}

std::string message_digest(const MessageExamples& examples) {
  std::string digests, bytes;
  for (const auto& graph : examples.graphs) {
    append_graph(bytes, graph);
    if (bytes.size() > (1u << 24)) {
      digests += datasets::sha256(bytes);
      bytes.clear();
    }
  }
  digests += datasets::sha256(bytes);
  for (const auto* numbers : {&examples.extras, &examples.targets})
    digests += datasets::sha256(
        std::string_view(reinterpret_cast<const char*>(numbers->data()), numbers->size() * sizeof(float)));
  return datasets::sha256(digests);
}

}  // namespace theriac::scoring
