#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What people write by hand: inotifywait, and a call of API 3.0 that openssl signs and curl sends.
#
#   inotify_hook.sh DIRECTORY ENDPOINT CA        (SECRET_ID and SECRET_KEY from the environment)
set -euo pipefail
readonly directory=$1 endpoint=$2 ca=$3

digest() {
    openssl dgst -sha256 -r | cut -d' ' -f1
}

# hmac KEY_OPTION TEXT, in hexadecimal
hmac() {
    printf '%s' "$2" | openssl dgst -sha256 -mac HMAC -macopt "$1" -r | cut -d' ' -f1
}

json_text() {
    awk '{ printf "%s\\n", $0 }' "$1"
}

upload() {
    local host=${endpoint#https://} now day body scope request text key
    now=$(date +%s)
    day=$(date -u -d "@$now" +%F)
    body="{\"CertificatePublicKey\":\"$(json_text "$directory/fullchain.pem")\",\"CertificatePrivateKey\":\"$(
        json_text "$directory/privkey.pem")\",\"Repeatable\":false}"
    scope="$day/ssl/tc3_request"
    request=$(printf 'POST\n/\n\ncontent-type:application/json\nhost:%s\n\ncontent-type;host\n%s' \
        "$host" "$(printf '%s' "$body" | digest)")
    text=$(printf 'TC3-HMAC-SHA256\n%s\n%s\n%s' "$now" "$scope" "$(printf '%s' "$request" | digest)")
    key=$(hmac "key:TC3$SECRET_KEY" "$day")
    key=$(hmac "hexkey:$key" ssl)
    key=$(hmac "hexkey:$key" tc3_request)
    curl --silent --show-error --cacert "$ca" "$endpoint/" \
        -H "Content-Type: application/json" -H "X-TC-Action: UploadCertificate" -H "X-TC-Version: 2019-12-05" \
        -H "X-TC-Timestamp: $now" -H "Authorization: TC3-HMAC-SHA256 Credential=$SECRET_ID/$scope, \
SignedHeaders=content-type;host, Signature=$(hmac "hexkey:$key" "$text")" --data-binary "$body"
    echo
}

inotifywait --quiet --monitor --event moved_to --format %f "$directory" | while read -r file; do
    [[ $file == fullchain.pem ]] && upload
done
