#!/usr/bin/env bash
# Delivers a file of records over HTTP, signed (RFC 9421): what a partner's program does, with curl and openssl.
#
#   deliver.sh https://city.example SCENARIO KEY FILE [MANIFEST]
#
# KEY: the private key, as `tanpuhui key` writes it or as `openssl genpkey -algorithm ed25519` does.
# Prints the answer. Exit code 0: the file is in, now or from before; 1: it was refused, mend what the answer says;
# 2: the command line; 3: no answer, or not now. After 3 the same command is right, however often.
set -euo pipefail

if [ $# -lt 4 ] || [ $# -gt 5 ]; then
  sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
server=${1%/} scenario=$2 key=$3 file=$4 manifest=${5:-}
for name in "$key" "$file" ${manifest:+"$manifest"}; do
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

path=/api/v1/scenarios/$scenario/deliveries
digest="sha-256=:$(openssl dgst -sha256 -binary "$file" | base64 -w0):"
length=$(stat -c %s "$file")
covered='"@method" "@path" "content-digest" "content-length"'
headers=(-H "Content-Digest: $digest")
manifest_line=
if [ -n "$manifest" ]; then
  field=":$(base64 -w0 < "$manifest"):"
  covered="$covered \"delivery-manifest\""
  headers+=(-H "Delivery-Manifest: $field")
  manifest_line="\"delivery-manifest\": $field"$'\n'
fi
parameters="($covered);created=$(date +%s);keyid=\"partner:$scenario\""

# What is signed: a line for each thing that is covered, then the parameters, without an end of line behind them.
printf '"@method": POST\n"@path": %s\n"content-digest": %s\n"content-length": %s\n%s"@signature-params": %s' \
  "$path" "$digest" "$length" "$manifest_line" "$parameters" > "$work/base"
signature=$(openssl pkeyutl -sign -rawin -inkey "$work/key.pem" -in "$work/base" | base64 -w0)

# -T reads the file as it goes, and asks the server first whether it wants the body.
status=$(curl --silent --show-error --http1.1 -X POST -T "$file" --output "$work/answer" --write-out '%{http_code}' \
  -H "Expect: 100-continue" -H "Content-Type: application/octet-stream" "${headers[@]}" \
  -H "Signature-Input: delivery=$parameters" -H "Signature: delivery=:$signature:" "$server$path") || exit 3
cat "$work/answer"
case $status in
  200 | 201) exit 0 ;;
  5??) exit 3 ;;
  *) exit 1 ;;
esac
