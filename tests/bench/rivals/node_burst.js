// SPDX-License-Identifier: MIT
// Many rotations with Tencent's official SDK, so many at a time, by the calls that certferryd makes for each.
//
//   node node_burst.js ENDPOINT CONCURRENCY < JOBS     (SECRET_ID and SECRET_KEY from the environment)
//
// JOBS is {"oldId", "directory", "balancer"} on each line, then "go". Says "ready" before that and "done" after.
'use strict'

const { once } = require('events')
const fs = require('fs')
const path = require('path')
const readline = require('readline')
const { clients } = require('./node_clients')

const [endpoint, concurrency] = process.argv.slice(2)
const { ssl, clb } = clients(endpoint)

async function rotate (job) {
  const read = (file) => fs.readFileSync(path.join(job.directory, file), 'utf8').trim()
  const chain = read('fullchain.pem')
  await ssl.CheckCertificateExist({ CertificatePublicKey: chain })
  const newId = (await ssl.UploadCertificate({
    CertificatePublicKey: chain, CertificatePrivateKey: read('privkey.pem'), Repeatable: false
  })).CertificateId
  await clb.DescribeLoadBalancerListByCertId({ CertIds: [job.oldId] })
  await clb.DescribeListeners({ LoadBalancerId: job.balancer })
  const task = (await clb.ReplaceCertForLoadBalancers({
    OldCertificateId: job.oldId, Certificate: { CertId: newId }
  })).RequestId
  await clb.DescribeTaskStatus({ TaskId: task })
  await clb.DescribeLoadBalancerListByCertId({ CertIds: [job.oldId] })
  const listeners = (await clb.DescribeListeners({ LoadBalancerId: job.balancer })).Listeners
  if (!listeners.every((listener) => listener.Certificate.CertId === newId)) throw new Error('not bound')
}

async function work (jobs) {
  for (let job = jobs.pop(); job; job = jobs.pop()) await rotate(job)
}

async function main () {
  const jobs = []
  for await (const line of readline.createInterface({ input: process.stdin })) {
    if (line === 'go') break
    jobs.push(JSON.parse(line))
    if (jobs.length === 1) console.log('ready')
  }
  await Promise.all(Array.from({ length: Number(concurrency) }, () => work(jobs)))
  console.log('done')
  process.stdin.resume()
  await once(process.stdin, 'end') // until whoever measures has looked
}

main().catch((error) => {
  console.error(String(error))
  process.exit(1)
})
