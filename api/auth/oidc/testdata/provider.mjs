// A provider of identities for the tests: panva's oidc-provider with a login form of two fields.
// It reads one line of JSON (client, secret, redirect, key) and prints its issuer.
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(pathToFileURL(process.cwd() + '/'));
const { Provider } = await import(pathToFileURL(require.resolve('oidc-provider')).href);
const lines = createInterface({ input: process.stdin });
const asked = JSON.parse((await lines[Symbol.asyncIterator]().next()).value);
lines.on('close', () => process.exit(0)); // the test has ended

const server = createServer().listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      { client_id: asked.client, client_secret: asked.secret, redirect_uris: [asked.redirect] },
      { client_id: 'another', client_secret: 'another', redirect_uris: [asked.redirect] },
    ],
    jwks: { keys: [asked.key] },
    cookies: { keys: ['of the tests'] },
    claims: { openid: ['sub', 'acr', 'amr'], email: ['email', 'email_verified'] },
    acrValues: ['simple', 'eidas2'],
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (ctx, interaction) => `/form/${interaction.uid}` },
    findAccount: (ctx, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: `${id}@example.test`, email_verified: !id.startsWith('unverified') }),
    }),
    // Nobody is asked whether this client may know him: it is the organisation's own.
    async loadExistingGrant(ctx) {
      const grant = new provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope('openid email');
      await grant.save();
      return grant;
    },
  });
  const answer = provider.callback();
  server.on('request', async (req, res) => {
    if (!req.url.startsWith('/form/')) return answer(req, res);
    if (req.method === 'GET') {
      res.setHeader('Content-Type', 'text/html');
      return res.end('<form method="post"><input name="user"><input name="password" type="password"><input name="code"></form>');
    }
    let body = '';
    for await (const part of req) body += part;
    const given = new URLSearchParams(body);
    if (given.get('password') !== 'un mot de passe') {
      return provider.interactionFinished(req, res, { error: 'access_denied' });
    }
    const login = { accountId: given.get('user'), amr: ['pwd'], acr: 'simple' };
    if (given.get('code') === 'otp') login.amr = ['pwd', 'otp', 'mfa'];
    if (given.get('code') === 'eidas2') login.acr = 'eidas2';
    return provider.interactionFinished(req, res, { login });
  });
  console.log(issuer);
});
