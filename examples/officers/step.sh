#!/usr/bin/env bash
# Takes a step in a case over HTTP, signed.
#
#   step.sh https://city.example KEY CASE ACTION [NAME=VALUE | KIND=@FILE | --reason TEXT | --vote for | --role ROLE |
#           --id ID]...
#
#   step.sh http://127.0.0.1:8080 zhang.key 9 submit principles_statement=met baseline=@b.pdf calculation=@c.pdf
#
# NAME=VALUE fills a field, KIND=@FILE brings a document. --id: 32 hexadecimal digits, your name for this step; after exit
# code 3 send the same step under the same id. Made at random and printed when it is not given. Exit codes: as ask.sh.
set -euo pipefail

if [ $# -lt 4 ]; then
  sed -n '2,10s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
server=$1 key=$2 case=$3 action=$4
shift 4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A text as JSON.
quoted() {
  local text=${1//\\/\\\\}
  text=${text//\"/\\\"} text=${text//$'\n'/\\n} text=${text//$'\t'/\\t} text=${text//$'\r'/\\r}
  printf '"%s"' "$text"
}
id='' said='' fields=''
: > "$work/documents"
while [ $# -gt 0 ]; do
  case $1 in
    --id) id=${2:?} && shift 2 ;;
    --reason | --vote | --role) said+=",\"${1#--}\":$(quoted "${2:?}")" && shift 2 ;;
    *=@*)
      file=${1#*=@}
      [ -r "$file" ] || { echo "$file: cannot be read" >&2; exit 2; }
      [ ! -s "$work/documents" ] || printf ',' >> "$work/documents"
      { quoted "${1%%=@*}" && printf ':"' && base64 -w0 "$file" && printf '"'; } >> "$work/documents"
      shift
      ;;
    *=*) fields+="${fields:+,}$(quoted "${1%%=*}"):$(quoted "${1#*=}")" && shift ;;
    *) echo "$1: write NAME=VALUE or KIND=@FILE" >&2 && exit 2 ;;
  esac
done
if [ -z "$id" ]; then
  id=$(openssl rand -hex 16)
  echo "--id $id" >&2
fi
{
  printf '{"id":"%s","action":%s%s,"fields":{%s},"documents":{' "$id" "$(quoted "$action")" "$said" "$fields"
  cat "$work/documents"
  printf '}}'
} > "$work/body.json"
code=0
"$(dirname "$0")/ask.sh" "$server" "$key" "/api/v1/cases/$case/steps" "$work/body.json" || code=$?
exit $code
