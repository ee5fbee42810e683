// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <new>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace certferry {

template <auto free_function>
struct OpensslFree {
    template <class T>
    void operator()(T* object) const {
        free_function(object);
    }
};

/// Owners of OpenSSL's objects. A key is wiped as it is freed, and so is the memory of a BIO_s_secmem.
using BioPtr = std::unique_ptr<BIO, OpensslFree<BIO_free_all>>;
using PkeyPtr = std::unique_ptr<EVP_PKEY, OpensslFree<EVP_PKEY_free>>;
using X509Ptr = std::unique_ptr<X509, OpensslFree<X509_free>>;
using X509StorePtr = std::unique_ptr<X509_STORE, OpensslFree<X509_STORE_free>>;
using X509StoreContextPtr = std::unique_ptr<X509_STORE_CTX, OpensslFree<X509_STORE_CTX_free>>;
using GeneralNamesPtr = std::unique_ptr<GENERAL_NAMES, OpensslFree<GENERAL_NAMES_free>>;

/// For what OpenSSL fails to give only when memory is short.
template <class T>
T* or_out_of_memory(T* object) {
    if (object == nullptr) throw std::bad_alloc();
    return object;
}

/// Leaves the thread's queue of OpenSSL errors as it was: an old entry would be blamed on the next TLS call.
class OpensslErrorScope {
public:
    OpensslErrorScope() { ERR_set_mark(); }
    ~OpensslErrorScope() { ERR_pop_to_mark(); }
    OpensslErrorScope(const OpensslErrorScope&) = delete;
    OpensslErrorScope& operator=(const OpensslErrorScope&) = delete;
};

}  // namespace certferry
