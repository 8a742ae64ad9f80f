// RDKit reports why it refuses a molecule on a global log. This guard catches that text for one molecule, so
// that it reaches the row's message instead of the terminal. Inside `chem` only.
#pragma once
#include <string>

namespace theriac::chem {

/// While alive, RDKit's messages of this thread are collected and nothing reaches the terminal.
class RdkitLog {
 public:
  RdkitLog();
  ~RdkitLog();
  RdkitLog(const RdkitLog&) = delete;
  RdkitLog& operator=(const RdkitLog&) = delete;

  /// The last message, one line, without RDKit's time stamp; empty if there was none.
  std::string text() const;
};

}  // namespace theriac::chem
