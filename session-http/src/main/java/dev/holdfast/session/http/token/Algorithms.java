package dev.holdfast.session.http.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import java.security.Key;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.NamedParameterSpec;
import javax.crypto.SecretKey;

/** Gives each kind of key its one algorithm, and refuses those that are too weak or unknown. */
final class Algorithms {

    private static final int MIN_SECRET_BYTES = 32;
    private static final int MIN_RSA_BITS = 2048;
    private static final int MAX_RSA_BITS = 4096;
    private static final JWSAlgorithm EDDSA = JWSAlgorithm.parse("EdDSA");

    private Algorithms() {}

    static JWSAlgorithm of(PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            int bits = rsa.getModulus().bitLength();
            if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
                throw new IllegalArgumentException(
                        "an RSA key has " + MIN_RSA_BITS + " to " + MAX_RSA_BITS + " bits here, not " + bits);
            }
            return JWSAlgorithm.RS256;
        }
        if (key instanceof ECPublicKey elliptic && Curve.P_256.equals(Curve.forECParameterSpec(elliptic.getParams()))) {
            return JWSAlgorithm.ES256;
        }
        if (key instanceof EdECPublicKey edwards
                && edwards.getParams().getName().equals(NamedParameterSpec.ED25519.getName())) {
            return EDDSA;
        }
        throw refusal(key);
    }

    private static IllegalArgumentException refusal(Key key) {
        return new IllegalArgumentException(
                "tokens are signed with RSA, with elliptic keys on P-256 or with Ed25519, not with this key of "
                        + key.getAlgorithm());
    }

    static JWSSigner signer(SecretKey key) {
        return made(() -> new MACSigner(bytesOf(key)));
    }

    static JWSVerifier verifier(SecretKey key) {
        return made(() -> new MACVerifier(bytesOf(key)));
    }

    private static byte[] bytesOf(SecretKey key) {
        byte[] bytes = key.getEncoded();
        if (bytes == null || bytes.length < MIN_SECRET_BYTES) {
            throw new IllegalArgumentException(
                    "a secret key of tokens has at least " + MIN_SECRET_BYTES + " random bytes, and gives them away");
        }
        return bytes;
    }

    static JWSSigner signer(PrivateKey key) {
        if (key instanceof RSAPrivateKey rsa) {
            return new RSASSASigner(rsa);
        }
        if (key instanceof ECPrivateKey elliptic) {
            return made(() -> new ECDSASigner(elliptic));
        }
        if (key instanceof EdECPrivateKey edwards) {
            return new Ed25519(edwards, null);
        }
        throw refusal(key);
    }

    static JWSVerifier verifier(PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            return new RSASSAVerifier(rsa);
        }
        if (key instanceof ECPublicKey elliptic) {
            return made(() -> new ECDSAVerifier(elliptic));
        }
        if (key instanceof EdECPublicKey edwards) {
            return new Ed25519(null, edwards);
        }
        throw refusal(key);
    }

    private interface Making<T> {
        T make() throws JOSEException;
    }

    private static <T> T made(Making<T> making) {
        try {
            return making.make();
        } catch (JOSEException e) {
            throw new IllegalArgumentException("the key can't be used for tokens", e);
        }
    }
}
