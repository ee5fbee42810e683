// SPDX-License-Identifier: MIT
// One call of API 3.0 through Tencent's own SDK. Reads {"service": "clb", "version": "v20180317", "client": options,
// "action": ..., "parameters": ...} from standard input, writes {"answer": ...} or {"code": ...} to standard output.
'use strict'

const fs = require('fs')
const tencentcloud = require('tencentcloud-sdk-nodejs')

const call = JSON.parse(fs.readFileSync(0, 'utf8'))
const client = new tencentcloud[call.service][call.version].Client(call.client)
client[call.action](call.parameters).then(
  (answer) => console.log(JSON.stringify({ answer })),
  (error) => console.log(JSON.stringify({ code: error.code || String(error) }))
)
