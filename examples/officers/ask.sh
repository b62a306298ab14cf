#!/usr/bin/env bash
# Asks one thing of a case over HTTP, signed (RFC 9421): what a program of an applicant or an office does, with curl and
# openssl.
#
#   ask.sh https://city.example KEY /api/v1/cases?state=submitted       a question
#   ask.sh https://city.example KEY /api/v1/cases BODY.json             an act: what the file says is sent
#
# KEY: your private key, as `tanpuhui key` writes it or as `openssl genpkey -algorithm ed25519` does.
# Prints the answer. Exit code 0: it is answered or done; 1: it was refused, mend what the answer says; 2: the command
# line; 3: no answer, or not now. After 3 the same command with the same BODY.json is right, however often.
set -euo pipefail

if [ $# -lt 3 ] || [ $# -gt 4 ]; then
  sed -n '2,11s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
server=${1%/} key=$2 target=$3 file=${4:-}
for name in "$key" ${file:+"$file"}; do
  [ -r "$name" ] || { echo "$name: cannot be read" >&2; exit 2; }
done
umask 077
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# 32 bytes in hexadecimal are wrapped as PKCS #8; a file of openssl is taken as it is.
if grep -q BEGIN "$key"; then
  cp "$key" "$work/key.pem"
else
  grep -qixE '[0-9a-f]{64}' "$key" || { echo "$key: holds no private key of Ed25519" >&2; exit 2; }
  printf "$(printf '302e020100300506032b657004220420%s' "$(tr -d '\r\n' < "$key")" | sed 's/../\\x&/g')" |
    openssl pkey -inform DER -out "$work/key.pem"
fi
# The key names itself: the last 32 bytes of its public half.
public=$(openssl pkey -in "$work/key.pem" -pubout -outform DER | tail -c 32 | od -An -v -tx1 | tr -d ' \n')

method=GET path=${target%%\?*}
covered='"@method" "@path"' lines="\"@path\": $path"$'\n'
if [ "$path" != "$target" ]; then
  covered+=' "@query"' lines+="\"@query\": ?${target#*\?}"$'\n'
fi
more=()
if [ -n "$file" ]; then
  method=POST digest="sha-256=:$(openssl dgst -sha256 -binary "$file" | base64 -w0):" length=$(stat -c %s "$file")
  covered+=' "content-digest" "content-length"'
  lines+="\"content-digest\": $digest"$'\n'"\"content-length\": $length"$'\n'
  more=(-X POST -T "$file" -H "Expect: 100-continue" -H "Content-Type: application/json" -H "Content-Digest: $digest")
fi
parameters="($covered);created=$(date +%s);keyid=\"person:$public\""

# What is signed: a line for each thing that is covered, then the parameters, without an end of line behind them.
printf '"@method": %s\n%s"@signature-params": %s' "$method" "$lines" "$parameters" > "$work/base"
signature=$(openssl pkeyutl -sign -rawin -inkey "$work/key.pem" -in "$work/base" | base64 -w0)
status=$(curl --silent --show-error --http1.1 --globoff --output "$work/answer" --write-out '%{http_code}' \
  ${more[@]+"${more[@]}"} -H "Signature-Input: request=$parameters" -H "Signature: request=:$signature:" \
  "$server$target") || exit 3
cat "$work/answer"
case $status in
  2??) exit 0 ;;
  5??) exit 3 ;;
  *) exit 1 ;;
esac
