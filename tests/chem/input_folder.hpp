// A folder for the small files that input tests write; it is removed at the end of the test.
#pragma once
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <string>

class InputFolder {
 public:
  InputFolder() {
    std::random_device entropy;  // only a name: tests of one program may run at the same time
    path_ = std::filesystem::temp_directory_path() / ("theriac_input_" + std::to_string(entropy()));
    std::filesystem::create_directories(path_);
  }
  ~InputFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  InputFolder(const InputFolder&) = delete;
  InputFolder& operator=(const InputFolder&) = delete;

  std::string path(const std::string& name) const { return (path_ / name).string(); }

  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name), std::ios::binary) << text;
    return path(name);
  }

  std::string write_gzip(const std::string& name, const std::string& text) const {
    gzFile file = gzopen(path(name).c_str(), "wb6");
    gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
    gzclose(file);
    return path(name);
  }

  void cut(const std::string& name, double share) const {
    const auto size = std::filesystem::file_size(path(name));
    std::filesystem::resize_file(path(name), static_cast<std::uintmax_t>(share * static_cast<double>(size)));
  }

 private:
  std::filesystem::path path_;
};
