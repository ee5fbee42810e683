// SPDX-License-Identifier: MIT
// One call of API 2.0 through Tencent's own SDK. Reads {"sdk": options, "parameters": ...} from standard input,
// writes the answer to standard output.
'use strict'

const fs = require('fs')
const QcloudApi = require('qcloudapi-sdk')

const call = JSON.parse(fs.readFileSync(0, 'utf8'))
new QcloudApi(call.sdk).request(call.parameters, call.sdk, (error, answer) => {
  if (error) {
    console.error(String(error))
    process.exit(1)
  }
  console.log(JSON.stringify(answer))
})
