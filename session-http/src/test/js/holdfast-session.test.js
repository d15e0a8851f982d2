// Run by WxClientTest, which starts the server and passes its address; the last group of tests needs none.
'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const { createSession } = require(process.env.HOLDFAST_CLIENT)

const server = process.env.HOLDFAST_SERVER

/** wx as a phone has it, on top of fetch: no cookie jar, no redirects. */
function phone() {
  const storage = {}
  const statuses = []
  return {
    storage,
    statuses,
    getStorageSync: (key) => storage[key] || '',
    setStorageSync: (key, value) => {
      storage[key] = value
    },
    removeStorageSync: (key) => {
      delete storage[key]
    },
    login: ({ success, fail }) => {
      fetch(`${server}/wx-login`).then(async (answer) => success({ code: await answer.text() }), fail)
    },
    request: ({ url, method, header, data, success, fail }) => {
      fetch(url, { method, headers: header, body: data && JSON.stringify(data), redirect: 'manual' }).then(
        async (answer) => {
          statuses.push(answer.status)
          const text = await answer.text()
          const json = (answer.headers.get('content-type') || '').startsWith('application/json')
          success({
            statusCode: answer.status,
            header: Object.fromEntries(answer.headers),
            cookies: answer.headers.getSetCookie(),
            data: json ? JSON.parse(text) : text,
          })
        },
        fail,
      )
    },
  }
}

const ask = async (path) => (await fetch(server + path, { method: 'POST' })).text()

for (const carry of ['token', 'cookie']) {
  const start = (wx) => createSession({ wx, baseUrl: server, loginPath: `/login-${carry}`, carry })

  test(`${carry}: the first request logs in, the next ones go on, also after a restart`, async () => {
    const wx = phone()
    const before = Number(await ask('/logins'))
    assert.equal((await start(wx).request({ url: '/api' })).data, 'alice 1')
    assert.equal((await start(wx).request({ url: '/api' })).data, 'alice 2')
    assert.equal(Number(await ask('/logins')), before + 1)
  })

  test(`${carry}: ten parallel 401s cause one log-in`, async () => {
    const wx = phone()
    const session = start(wx)
    await session.request({ url: '/api' })
    await ask('/end')
    const before = Number(await ask('/logins'))
    wx.statuses.length = 0
    const all = await Promise.all(Array.from({ length: 10 }, () => session.request({ url: '/api' })))
    assert.deepEqual(all.map((each) => each.statusCode), Array(10).fill(200))
    assert.equal(wx.statuses.filter((status) => status === 401).length, 10)
    assert.equal(Number(await ask('/logins')), before + 1)
  })

  test(`${carry}: a new id is kept`, async () => {
    const wx = phone()
    const session = start(wx)
    await session.request({ url: '/api' })
    const old = wx.storage['holdfast-session']
    assert.equal((await session.request({ url: '/rotate', method: 'POST' })).statusCode, 200)
    assert.notEqual(wx.storage['holdfast-session'], old)
    wx.statuses.length = 0
    assert.equal((await session.request({ url: '/api' })).data, 'alice 2')
    assert.deepEqual(wx.statuses, [200])
  })

  test(`${carry}: after a log-out nothing is kept, and the old credential is dead`, async () => {
    const wx = phone()
    const session = start(wx)
    await session.request({ url: '/api' })
    const old = wx.storage['holdfast-session']
    assert.equal((await session.logout('/revoke')).statusCode, 200)
    assert.deepEqual(wx.storage, {})
    assert.equal(session.isLoggedIn(), false)
    const header = carry === 'cookie' ? { Cookie: old } : { Authorization: `Bearer ${old}` }
    assert.equal((await fetch(`${server}/api`, { headers: header })).status, 401)
  })
}

/** wx whose requests the test answers itself. */
function scripted(answers) {
  const storage = {}
  const sent = []
  return {
    storage,
    sent,
    getStorageSync: (key) => storage[key],
    setStorageSync: (key, value) => {
      storage[key] = value
    },
    removeStorageSync: (key) => {
      delete storage[key]
    },
    login: ({ success }) => success({ code: 'c' }),
    request: (options) => {
      sent.push(options)
      const answer = answers(options, sent.length)
      setImmediate(() => (answer instanceof Error ? options.fail(answer) : options.success({ header: {}, ...answer })))
    },
  }
}

const isLogin = (options) => options.url.endsWith('/login')

test('a second 401 goes to the caller, without end', async () => {
  const wx = scripted((options) =>
    isLogin(options) ? { statusCode: 200, data: { token: 't' } } : { statusCode: 401, data: {} },
  )
  const session = createSession({ wx, baseUrl: 'https://example.org' })
  assert.equal((await session.request({ url: '/a' })).statusCode, 401)
  assert.equal(wx.sent.length, 4)
})

test('a refused log-in rejects all that wait for it, and the next request tries again', async () => {
  let refuse = true
  const wx = scripted((options) => {
    if (!isLogin(options)) return { statusCode: 200, data: 'fine' }
    return refuse ? { statusCode: 403, data: { error: 'blocked' } } : { statusCode: 200, data: { token: 't' } }
  })
  const session = createSession({ wx, baseUrl: 'https://example.org' })
  const all = await Promise.allSettled([session.request({ url: '/a' }), session.request({ url: '/b' })])
  assert.deepEqual(all.map((each) => each.status), ['rejected', 'rejected'])
  assert.equal(all[0].reason.response.data.error, 'blocked')
  assert.equal(wx.sent.length, 1)
  refuse = false
  assert.equal((await session.request({ url: '/a' })).data, 'fine')
})

test('a failed request rejects, and keeps the session', async () => {
  const wx = scripted((options) =>
    isLogin(options) ? { statusCode: 200, data: { token: 't' } } : new Error('offline'),
  )
  const session = createSession({ wx, baseUrl: 'https://example.org' })
  await assert.rejects(session.request({ url: '/a' }), /offline/)
  assert.equal(session.isLoggedIn(), true)
})

test('a late answer to an old token does not take the new one away', async () => {
  const wx = scripted((options, count) => {
    if (isLogin(options)) return { statusCode: 200, data: { token: `t${count}` } }
    return options.header.Authorization === 'Bearer t1' && count > 2
      ? { statusCode: 401, header: { 'X-AUTH-TOKEN': '' }, data: {} }
      : { statusCode: 200, data: options.header.Authorization }
  })
  const session = createSession({ wx, baseUrl: 'https://example.org' })
  await session.request({ url: '/a' })
  const [one, two] = await Promise.all([session.request({ url: '/b' }), session.request({ url: '/c' })])
  assert.equal(one.data, two.data)
  assert.equal(wx.sent.filter(isLogin).length, 2)
  assert.equal(session.isLoggedIn(), true)
})

test('the credential goes to the base URL only', async () => {
  const wx = scripted(() => ({ statusCode: 200, data: { token: 't' } }))
  const session = createSession({ wx, baseUrl: 'https://example.org' })
  for (const url of ['https://evil.example/', '//evil.example/', '/\\evil.example', '.evil.example/', '@evil.example', '']) {
    await assert.rejects(session.request({ url }), /below baseUrl/)
  }
  assert.equal(wx.sent.length, 0)
})
