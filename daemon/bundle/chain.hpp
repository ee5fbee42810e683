// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "bundle/openssl_ptr.hpp"

#include <string_view>
#include <vector>

/// Which of a heap of certificates is the leaf, and what leads from it upwards. `place` names the heap's
/// file.
namespace certferry {

/// Removes certificates that are there more than once.
void drop_repeated(std::vector<X509Ptr>& certificates);

/// The certificate that `key` belongs to: among those that are no CA's, or, where all are, among them.
/// Errors: leaf_ambiguous (several could be the leaf: two generations in one file, say), key_mismatch.
Result<X509*> find_leaf(const std::vector<X509Ptr>& certificates, const EVP_PKEY& key, std::string_view place,
                        std::string_view key_place);

/// The certificate that issued none of the others. Errors: leaf_ambiguous.
Result<X509*> find_lowest(const std::vector<X509Ptr>& certificates, std::string_view place);

/// `leaf`, its issuer, the issuer's issuer and so on, as far as they are there; the rest is unrelated. Of two
/// certificates of one issuer, the one that leads on is taken rather than the self-signed one, since whoever
/// put a cross-signed certificate there wants it served; then the one that expires later.
std::vector<X509*> order_chain(X509& leaf, const std::vector<X509Ptr>& certificates);

}  // namespace certferry
