// SPDX-License-Identifier: MIT
// A certbot deploy hook with Tencent's official SDK: uploads what is in $RENEWED_LINEAGE, and replaces OLD_ID by it.
//
//   node node_hook.js ENDPOINT OLD_ID        (SECRET_ID and SECRET_KEY from the environment)
'use strict'

const fs = require('fs')
const path = require('path')
const { clients } = require('./node_clients')

const [endpoint, oldId] = process.argv.slice(2)

async function main () {
  const { ssl, clb } = clients(endpoint)
  const read = (file) => fs.readFileSync(path.join(process.env.RENEWED_LINEAGE, file), 'utf8').trim()
  const uploaded = await ssl.UploadCertificate({
    CertificatePublicKey: read('fullchain.pem'), CertificatePrivateKey: read('privkey.pem'), Repeatable: false
  })
  await clb.ReplaceCertForLoadBalancers({ OldCertificateId: oldId, Certificate: { CertId: uploaded.CertificateId } })
}

main().catch((error) => {
  console.error(String(error))
  process.exit(1)
})
