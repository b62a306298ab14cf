#include "journal/flaws.h"

namespace tanpuhui {
namespace {

struct Wording {
  const char* zh;
  const char* en;
};

Wording message_of(ProofFlaw flaw) {
  switch (flaw) {
    case ProofFlaw::form:
      return {"这不是本平台的证明文件，或文件不完整", "this is not a certificate file of ours, or not all of it"};
    case ProofFlaw::statement:
      return {"证明所载的账目无法读取", "the entry inside the certificate cannot be read"};
    case ProofFlaw::text:
      return {"文件内容与其证据不一致：文件被改动过", "the file does not say what its proof says: it was changed"};
    case ProofFlaw::context:
      return {"所附公开信息与账目记载的摘要不符", "the public facts are not those whose digest the entry holds"};
    case ProofFlaw::entry:
      return {"该账目不在所指的区块中", "the entry is not in the block that is named"};
    case ProofFlaw::block_record:
      return {"区块记录无法读取", "the block record cannot be read"};
    case ProofFlaw::block:
      return {"该区块不在透明日志中", "the block is not in the transparency log"};
    case ProofFlaw::checkpoint:
      return {"检查点格式不符或不属于该日志", "not a checkpoint, or not one of this log"};
    case ProofFlaw::signature:
      return {"检查点不是由该公钥对应的私钥签名", "the checkpoint was not signed with this key"};
    case ProofFlaw::amounts:
      return {"编号区间之和与数量不符", "the serial ranges do not add up to the amount"};
    case ProofFlaw::key:
      return {"公钥文本无法读取", "the text of the public key cannot be read"};
  }
  return {"", ""};
}

Wording remedy_of(ProofFlaw flaw) {
  switch (flaw) {
    case ProofFlaw::checkpoint:
    case ProofFlaw::signature:
      return {"请核对公钥是否为该平台公布的日志公钥，再向出具方索取原始文件",
              "check that the key is the one that the platform publishes, then ask the issuer for the original file"};
    case ProofFlaw::key:
      return {"公钥应为一行：名称+8位十六进制+base64", "the key is one line: name+8 hex digits+base64"};
    default:
      return {"请向出具方索取未经改动的原始文件", "ask the issuer for the original, unchanged file"};
  }
}

}  // namespace

Refusal refuse_proof(ProofFlaw flaw) {
  const Wording message = message_of(flaw);
  const Wording remedy = remedy_of(flaw);
  return refuse("CER-" + std::to_string(static_cast<int>(flaw)), "design.9")
      .says(message.zh, message.en)
      .mend(remedy.zh, remedy.en);
}

}  // namespace tanpuhui
