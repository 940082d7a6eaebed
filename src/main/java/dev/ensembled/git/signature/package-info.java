/**
 * Decides whether the signature of a commit or a tag is by a trusted key.
 * {@link dev.ensembled.git.signature.SignatureCheck} is pure: it takes the bytes of an object and the trusted keys;
 * {@link dev.ensembled.git.signature.SignatureGate} reads both. Imports {@code settings}.
 */
package dev.ensembled.git.signature;
