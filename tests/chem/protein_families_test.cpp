#include "chem/protein_families.hpp"

#include <catch2/catch.hpp>

using theriac::chem::related_proteins;

TEST_CASE("proteins that share words or a family motif are one group") {
  const std::string a = "MKTAYIAKQRQISFVKSHFSRQLEERLGLIEVQ", b = "MKTAYIAKQRQISFVGGGGGGGGGGGGGGGGGG",
                    c = "WWPLNDCVEHTMWWPLNDCVEHTM";
  const std::string thrombin = "IVEGSDAEIGMSPWQVMLGDSGGPFVM", trypsin = "CCYKAARLLQHHHNNEPPTGDSGGPKKW";
  const std::string kinase = "QQALKHRDLKPENILLDFGLAR", other = "TTVEHRDLAARNCLVVDFGMSS";
  const auto groups = related_proteins({a, b, c, thrombin, trypsin, kinase, other, a});
  CHECK(groups == std::vector<int>{0, 0, 2, 3, 3, 5, 5, 0});
}

TEST_CASE("relatives of relatives are one group") {
  const std::string left = "AAAACCCCDDDDEEEE", right = "LLLLMMMMNNNNPPPP",
                    both = "AAAACCCCDDDDEEEELLLLMMMMNNNNPPPP";
  CHECK(related_proteins({left, right}) == std::vector<int>{0, 1});
  CHECK(related_proteins({left, right, both}) == std::vector<int>{0, 0, 0});
  CHECK(related_proteins({}).empty());
}
