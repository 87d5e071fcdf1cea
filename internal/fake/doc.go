// Package fake serves, on 127.0.0.1, what this program talks to: the control
// plane of Amazon ECR, AWS STS with its roles, the Catalog API of AWS Marketplace, the
// registry of ECR, jobs and runs of AWS Glue, objects of S3, logs of CloudWatch, secrets
// of Secrets Manager, GitHub's comments on pull requests, its releases and its ID
// tokens. Only tests import it.
//
// It lets the real binary be tested over the wire without a hook in it: [World.Env]
// is all the binary gets. AWS calls arrive over plain HTTP by AWS_ENDPOINT_URL,
// and GitHub's by GITHUB_API_URL. The registry is reached under its real host name,
// over TLS and with the host name verified: HTTPS_PROXY is a proxy that joins the hosts of ECR, of the
// S3 bucket that its blobs may be redirected to, and of [World.EnterpriseURL] to this process. It refuses
// every other host with a 502, so [World.Requests] also says what else was dialled.
//
// What it promises:
//   - A request that the service would refuse for its shape (no signature, one for
//     another service, a bad token, a missing repository) is refused, in the words
//     of the service where they are known.
//   - A call that no fake models answers 501 and names the call. It never
//     succeeds by accident.
//   - What is stored is what was sent, byte for byte; digests are checked.
//   - A member of a call of Glue, CloudWatch Logs or Secrets Manager that the fake does
//     not know is refused, where the service would ignore it.
//   - A run of a Glue job is a Go function of the test's. Time passes for it by being
//     asked about, so that what a test measures does not depend on the machine.
//   - All methods may be called from any goroutine while requests are served.
//
// What it does not model: the signature's value and date (only its scope and
// key are looked at), IAM policies other than [World.Deny], [World.SetPolicy] and the trust policies of roles, AWS's pages of results,
// rates and quotas, time passing (a token lives until [World.ExpireTokens]),
// ECR's conversion between manifest types, deletes and HTTP/2. Of
// GitHub: permissions other than to write, rendering, and old versions of a
// comment. Faults are the business of [World.Intercept].
//
// To add a service, write one file for it and name it in the table services.
package fake
