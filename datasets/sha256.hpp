// SHA-256 (FIPS 180-4), by OpenSSL: the identity of inputs and of published results.
#pragma once
#include <string>
#include <string_view>

namespace theriac::datasets {

/// 64 lower-case hexadecimal digits.
std::string sha256(std::string_view bytes);

/// Of a whole file, read in pieces. Throws InputError when it cannot be read.
std::string sha256_of_file(const std::string& path);

/// "3.0.19": the OpenSSL library in use.
std::string openssl_version();

}  // namespace theriac::datasets
