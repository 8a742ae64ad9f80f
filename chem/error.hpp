// The exception types of Theriac. Libraries throw them; `cli/` catches them once per command and turns each
// into an exit code. A message says what was wrong, where, what was expected and what to do: lower case, no
// full stop, values quoted.
#pragma once
#include <stdexcept>
#include <string>

namespace theriac {

/// Base of everything Theriac throws on purpose. `hint` is one line that says what to do; it may be empty.
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message, std::string hint = {});
  const std::string& hint() const noexcept { return hint_; }

 private:
  std::string hint_;
};

/// Wrong option, unknown key, contradictory settings. Exit code 2.
class UsageError : public Error {
  using Error::Error;
};

/// A missing or unreadable file, a receptor without atoms, a box off the protein. Exit code 3.
class InputError : public Error {
  using Error::Error;
};

/// One molecule that cannot be read, embedded or docked. In a batch it becomes a row, never a stop.
class MoleculeError : public InputError {
  using InputError::InputError;
};

/// Disk full, no permission, corrupt or foreign results. Exit code 5.
class StorageError : public Error {
  using Error::Error;
};

/// Weights missing or incompatible. Exit code 6.
class ModelError : public Error {
  using Error::Error;
};

/// A device that is absent or out of memory. Exit code 7.
class DeviceError : public Error {
  using Error::Error;
};

}  // namespace theriac
