#pragma once
/// The layout of the certificate file: the readable part above, the proof below. Format `tanpuhui.certificate/1`.
#include <string>

#include "journal/certificate.h"

namespace tanpuhui {

std::string certificate_text(const CertificateFacts& facts, const CertificateParts& parts);

}  // namespace tanpuhui
