// SPDX-License-Identifier: MIT
// The official SDK's clients of the two services, at an endpoint. Only these two are loaded: the whole takes longer.
'use strict'

const { Client: Ssl } = require('tencentcloud-sdk-nodejs/tencentcloud/services/ssl/v20191205/ssl_client')
const { Client: Clb } = require('tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_client')

exports.clients = (endpoint) => {
  const options = {
    credential: { secretId: process.env.SECRET_ID, secretKey: process.env.SECRET_KEY },
    region: 'ap-guangzhou',
    profile: { httpProfile: { endpoint } }
  }
  return { ssl: new Ssl(options), clb: new Clb(options) }
}
