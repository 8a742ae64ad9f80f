// A vocabulary as a file: JSON that a person can read, with a version and a checksum.
//
// The weights of a network mean nothing without the numbering of its vocabulary, so the file is checked as a
// whole: SHA-256 over its content, every atom type and motif by the rules of ActionVocabulary, and the number
// of actions that result. A change of one character is found.
#pragma once
#include <string>

#include "generative/action_vocabulary.hpp"

namespace theriac::generative {

constexpr int vocabulary_file_version = 1;

/// The text of the file.
std::string vocabulary_text(const ActionVocabulary& vocabulary);
/// Reads it. `source` stands for the file in messages. Throws ModelError: not JSON, another format or
/// version, checksum or entries that do not hold.
ActionVocabulary vocabulary_from_text(const std::string& text, const std::string& source = "text");

/// Written under a temporary name, then renamed. Throws StorageError.
void save_vocabulary(const ActionVocabulary& vocabulary, const std::string& path);
/// Plain or gzip. Throws InputError when the file cannot be read, ModelError as above.
ActionVocabulary load_vocabulary(const std::string& path);

}  // namespace theriac::generative
