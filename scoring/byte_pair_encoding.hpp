// Byte-level byte-pair encoding: the tokenizer of GPT-2 and ProtGPT2.
//
// Text is cut into words, every byte of a word is written as one printable letter, and then the pair of
// neighbours that stands highest in a list of merges becomes one token, again and again: R. Sennrich,
// B. Haddow, A. Birch, ACL 2016, 1715; bytes as letters: A. Radford et al., Language Models are Unsupervised
// Multitask Learners (2019).
#pragma once
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace theriac::scoring {

class BytePairEncoding {
 public:
  /// The contents of vocab.json and merges.txt; `source` stands for the folder in messages. Throws ModelError
  /// when they are no such files or contradict each other.
  BytePairEncoding(const std::string& vocabulary_json, const std::string& merges_text,
                   const std::string& source);

  std::size_t size() const { return names_.size(); }
  const std::vector<std::string>& names() const { return names_; }  ///< as the vocabulary writes them
  int id(const std::string& name) const;                            ///< -1: there is none
  int end_of_text() const { return end_of_text_; }                  ///< <|endoftext|>; -1: there is none

  /// <|endoftext|> inside the text is the token of that name.
  std::vector<int> encode(const std::string& text) const;
  /// Bytes, which need not be UTF-8. Throws UsageError for a number that is no token.
  std::string decode(const std::vector<int>& tokens) const;

 private:
  void encode_word(const std::string& word, std::vector<int>& out) const;
  std::vector<std::string> names_;
  std::map<std::string, int> ids_;
  std::map<std::pair<std::string, std::string>, int> ranks_;
  std::vector<std::string> letters_;       ///< of each byte
  std::map<std::string, unsigned> bytes_;  ///< and back
  int end_of_text_ = -1;
};

}  // namespace theriac::scoring
