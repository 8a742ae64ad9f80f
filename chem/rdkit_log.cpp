#include "chem/rdkit_log.hpp"

#include <RDGeneral/RDLog.h>

#include <mutex>
#include <ostream>
#include <streambuf>

namespace theriac::chem {
namespace {

thread_local std::string collected;

/// Receives RDKit's log; each thread's characters go to that thread's own text.
class PerThreadBuffer : public std::streambuf {
 protected:
  int overflow(int c) override {
    if (c != traits_type::eof()) collected.push_back(static_cast<char>(c));
    return c;
  }
  std::streamsize xsputn(const char* text, std::streamsize n) override {
    collected.append(text, static_cast<std::size_t>(n));
    return n;
  }
};

void redirect_once() {
  static std::once_flag once;
  std::call_once(once, [] {
    static PerThreadBuffer buffer;
    static std::ostream stream(&buffer);
    rdErrorLog = std::make_shared<boost::logging::rdLogger>(&stream);
    rdWarningLog = std::make_shared<boost::logging::rdLogger>(&stream);
    rdInfoLog = std::make_shared<boost::logging::rdLogger>(&stream);
    rdDebugLog = std::make_shared<boost::logging::rdLogger>(&stream);
    rdInfoLog->df_enabled = false;
    rdDebugLog->df_enabled = false;
  });
}

/// "[11:23:41] Explicit valence ..." without the time stamp; the last line that says something.
std::string last_message(const std::string& text) {
  std::string best;
  std::size_t begin = 0;
  while (begin < text.size()) {
    std::size_t end = text.find('\n', begin);
    if (end == std::string::npos) end = text.size();
    std::string line = text.substr(begin, end - begin);
    if (!line.empty() && line.front() == '[') {
      const std::size_t close = line.find("] ");
      if (close != std::string::npos) line = line.substr(close + 2);
    }
    if (line.find_first_not_of(" \t*^~") != std::string::npos) best = line;
    begin = end + 1;
  }
  return best;
}

}  // namespace

RdkitLog::RdkitLog() {
  redirect_once();
  collected.clear();
}

RdkitLog::~RdkitLog() {
  collected.clear();
}

std::string RdkitLog::text() const {
  return last_message(collected);
}

}  // namespace theriac::chem
