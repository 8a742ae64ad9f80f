// Isomorphisms of small coloured graphs: which relabellings of the atoms leave a molecule as it is.
//
// Colours are refined first (Weisfeiler and Lehman's one-dimensional refinement, jointly on both graphs); the
// search then walks along bonds and hardly ever turns back on molecular graphs.
#pragma once
#include <cstddef>
#include <utility>
#include <vector>

namespace theriac::chem {

struct ColouredGraph {
  std::vector<int> colours;                                  ///< one per node
  std::vector<std::vector<std::pair<int, int>>> neighbours;  ///< per node: (other node, colour of the edge)

  void add_edge(int a, int b, int colour = 0) {
    neighbours[static_cast<std::size_t>(a)].emplace_back(b, colour);
    neighbours[static_cast<std::size_t>(b)].emplace_back(a, colour);
  }
  static ColouredGraph with_colours(std::vector<int> colours) {
    ColouredGraph g;
    g.neighbours.resize(colours.size());
    g.colours = std::move(colours);
    return g;
  }
};

/// Mappings m with m[node of a] = node of b that keep colours, edges and edge colours; at most `limit`, in a
/// fixed order. With equal graphs the identity comes first. Empty when the graphs differ.
std::vector<std::vector<int>> isomorphisms(const ColouredGraph& a, const ColouredGraph& b, std::size_t limit);

}  // namespace theriac::chem
