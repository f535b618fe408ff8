#include "tests/runtime/loopback/test_authority.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include <unistd.h>

namespace qalpha::test {

namespace {

using key_ptr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using certificate_ptr = std::unique_ptr<X509, decltype(&X509_free)>;
using bio_ptr = std::unique_ptr<BIO, decltype(&BIO_free)>;

void require(bool good, const char* what) {
  if (!good)
    throw std::runtime_error{what};
}

key_ptr new_key() {
  key_ptr result{EVP_EC_gen("P-256"), EVP_PKEY_free};
  require(result != nullptr, "cannot make a key");
  return result;
}

std::string text(const bio_ptr& bio) {
  char* data = nullptr;
  auto size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<size_t>(size)};
}

std::string pem(EVP_PKEY* key) {
  bio_ptr bio{BIO_new(BIO_s_mem()), BIO_free};
  PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr,
                           nullptr);
  return text(bio);
}

std::string pem(X509* certificate) {
  bio_ptr bio{BIO_new(BIO_s_mem()), BIO_free};
  PEM_write_bio_X509(bio.get(), certificate);
  return text(bio);
}

void extend(X509* certificate, int kind, const std::string& value) {
  auto extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
  require(extension != nullptr, "cannot make an extension");
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

certificate_ptr new_certificate(const std::string& name, EVP_PKEY* key,
                                int first_day, int last_day) {
  static long serial = 0;
  certificate_ptr result{X509_new(), X509_free};
  X509_set_version(result.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(result.get()), ++serial);
  X509_time_adj_ex(X509_getm_notBefore(result.get()), first_day, 0, nullptr);
  X509_time_adj_ex(X509_getm_notAfter(result.get()), last_day, 0, nullptr);
  X509_set_pubkey(result.get(), key);
  X509_NAME_add_entry_by_txt(
    X509_get_subject_name(result.get()), "CN", MBSTRING_ASC,
    reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  return result;
}

std::string subject_names(const certificate_wish& wish) {
  std::string result;
  for (auto& name : wish.names)
    result += (result.empty() ? "DNS:" : ",DNS:") + name;
  for (auto& address : wish.addresses)
    result += (result.empty() ? "IP:" : ",IP:") + address;
  return result;
}

} // namespace

struct test_authority::identity {
  key_ptr key = new_key();
  certificate_ptr certificate = new_certificate("test authority", key.get(), -2,
                                                2);
};

test_authority::test_authority() : self_(std::make_unique<identity>()) {
  auto certificate = self_->certificate.get();
  X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
  extend(certificate, NID_basic_constraints, "critical,CA:TRUE");
  extend(certificate, NID_key_usage, "critical,keyCertSign");
  require(X509_sign(certificate, self_->key.get(), EVP_sha256()) > 0,
          "cannot sign");
  auto pattern
    = (std::filesystem::temp_directory_path() / "qalpha-ca-XXXXXX").string();
  auto descriptor = mkstemp(pattern.data());
  require(descriptor >= 0, "cannot create a file");
  close(descriptor);
  file_ = pattern;
  std::ofstream{file_} << pem(certificate);
}

test_authority::~test_authority() {
  std::error_code ignored;
  std::filesystem::remove(file_, ignored);
}

server_credentials test_authority::issue(const certificate_wish& wish) const {
  auto key = new_key();
  auto leaf = new_certificate("test server", key.get(), wish.first_day,
                              wish.last_day);
  auto issuer = wish.self_signed ? leaf.get() : self_->certificate.get();
  X509_set_issuer_name(leaf.get(), X509_get_subject_name(issuer));
  extend(leaf.get(), NID_subject_alt_name, subject_names(wish));
  auto signer = wish.self_signed ? key.get() : self_->key.get();
  require(X509_sign(leaf.get(), signer, EVP_sha256()) > 0, "cannot sign");
  return {pem(key.get()), pem(leaf.get())};
}

std::string test_authority::file() const {
  return file_.string();
}

} // namespace qalpha::test
