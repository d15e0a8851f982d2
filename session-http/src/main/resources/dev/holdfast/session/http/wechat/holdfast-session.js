/*
 * Keeps the session of a WeChat mini-program. wx.request has no cookie jar, so this file keeps what the server hands out
 * and sends it along.
 *
 *   const { createSession } = require('./holdfast-session.js')
 *   const session = createSession({ baseUrl: 'https://example.org' })
 *   session.request({ url: '/api/me' }).then((response) => …)
 *
 * The server answers POST loginPath {"code": …} with {"token": …}, or with {"cookie": "name=value"} if carry is 'cookie'.
 * Copy it into the mini-program. It needs nothing but wx.
 */
'use strict'

const defaults = {
  loginPath: '/api/mini/login',
  storageKey: 'holdfast-session',
  carry: 'token', // or 'cookie'
  tokenHeader: 'X-Auth-Token',
}

function createSession(settings) {
  const { baseUrl, loginPath, storageKey, carry, tokenHeader, wx: given } = { ...defaults, ...settings }
  const api = given || wx
  let held = api.getStorageSync(storageKey) || ''
  let loggingIn = null

  function keep(credential) {
    held = credential
    if (credential) {
      api.setStorageSync(storageKey, credential)
    } else {
      api.removeStorageSync(storageKey)
    }
  }

  /** Of all calls under way one logs in, and the others wait for it. */
  function login() {
    if (!loggingIn) {
      loggingIn = exchangeCode().finally(() => {
        loggingIn = null
      })
    }
    return loggingIn
  }

  async function exchangeCode() {
    const { code } = await new Promise((success, fail) => api.login({ success, fail }))
    const response = await send({ url: loginPath, method: 'POST', data: { code } }, '')
    const credential = response.data && (carry === 'cookie' ? response.data.cookie : response.data.token)
    if (response.statusCode !== 200 || !credential) {
      keep('')
      const error = new Error('the server refused the log-in')
      error.response = response
      throw error
    }
    keep(credential)
  }

  /** Sends with this credential, which may be none, and learns what the server says of it. */
  async function send(options, credential) {
    const header = { ...options.header }
    if (credential) {
      header[carry === 'cookie' ? 'Cookie' : 'Authorization'] =
        carry === 'cookie' ? credential : `Bearer ${credential}`
    }
    const url = baseUrl + options.url
    const response = await new Promise((success, fail) => api.request({ ...options, url, header, success, fail }))
    const answered = carry === 'cookie' ? cookieOf(response, credential) : headerOf(response, tokenHeader)
    // an answer to an older credential says nothing about a newer one
    if (answered !== undefined && credential && credential === held) {
      keep(answered)
    }
    return response
  }

  /** Like wx.request, but gives a promise, and logs in when the server asks for it. */
  async function request(options) {
    if (!/^\/(?![/\\])/.test(options.url)) {
      throw new Error('the url is a path below baseUrl: nobody else gets the credential')
    }
    if (!held) {
      await login()
    }
    const used = held
    const response = await send(options, used)
    if (response.statusCode !== 401) {
      return response
    }
    if (held === used || !held) {
      await login()
    }
    return send(options, held)
  }

  /** Tells the server, and forgets the session whatever it answers. */
  async function logout(path) {
    const used = held
    keep('')
    return used ? send({ url: path, method: 'POST' }, used) : undefined
  }

  return { request, login, logout, isLoggedIn: () => Boolean(held) }
}

/** Returns a header's value, however the platform spells its name; undefined if it is absent. */
function headerOf(response, name) {
  const found = Object.keys(response.header || {}).find((key) => key.toLowerCase() === name.toLowerCase())
  return found === undefined ? undefined : String(response.header[found])
}

/** Returns the held cookie as the response sets it, '' if it expires it, undefined if it does not mention it. */
function cookieOf(response, credential) {
  const name = credential.slice(0, credential.indexOf('=') + 1)
  const lines = response.cookies && response.cookies.length ? response.cookies : [headerOf(response, 'Set-Cookie') || '']
  const line = lines.find((each) => name && each.startsWith(name))
  if (line === undefined) {
    return undefined
  }
  const [pair, ...attributes] = line.split(';')
  return attributes.some((each) => each.trim().toLowerCase() === 'max-age=0') ? '' : pair
}

module.exports = { createSession }
