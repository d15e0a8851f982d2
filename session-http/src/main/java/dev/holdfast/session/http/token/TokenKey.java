package dev.holdfast.session.http.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.regex.Pattern;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * A named key of tokens, and the one algorithm that goes with it: HS256 for a secret key, RS256 for RSA, ES256 for an
 * elliptic key on P-256, EdDSA for Ed25519. No token chooses another. Immutable and thread-safe; {@link #toString} tells
 * the name and the algorithm.
 */
public final class TokenKey {

    /** What tells these tokens from others that were signed with the same key. */
    static final String TYPE = "holdfast-session+jwt";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final byte[] PROBE = "probe".getBytes(StandardCharsets.US_ASCII);

    private final String name;
    private final JWSHeader header;
    private final @Nullable JWSSigner signer;
    private final JWSVerifier verifier;

    private TokenKey(String name, JWSAlgorithm algorithm, @Nullable JWSSigner signer, JWSVerifier verifier) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a key's name is 1 to 64 letters, digits, '.', '_' and '-'");
        }
        this.name = name;
        this.signer = signer;
        this.verifier = verifier;
        header = new JWSHeader.Builder(algorithm)
                .type(new JOSEObjectType(TYPE))
                .keyID(name)
                .build();
        if (signer != null && !verifies(PROBE, sign(PROBE))) {
            throw new IllegalArgumentException("the private and the public key of '" + name + "' are no pair");
        }
    }

    /**
     * Returns a key that signs and verifies by HS256: who verifies can sign too.
     *
     * @param name which key it is, not the key: the token's {@code kid}
     * @throws IllegalArgumentException if it has fewer than 32 bytes, or does not give them away
     */
    public static TokenKey create(String name, SecretKey key) {
        return new TokenKey(name, JWSAlgorithm.HS256, Algorithms.signer(key), Algorithms.verifier(key));
    }

    /**
     * Returns a key that signs and verifies by the algorithm of its kind.
     *
     * @param name which key it is, not the key: the token's {@code kid}
     * @throws IllegalArgumentException if it is neither RSA of 2048 to 4096 bits, nor elliptic on P-256, nor Ed25519; or no
     *     pair
     */
    public static TokenKey create(String name, KeyPair keys) {
        return new TokenKey(
                name,
                Algorithms.of(keys.getPublic()),
                Algorithms.signer(keys.getPrivate()),
                Algorithms.verifier(keys.getPublic()));
    }

    /**
     * Returns a key that verifies by the algorithm of its kind, and can't sign.
     *
     * @param name which key it is: the token's {@code kid}
     * @throws IllegalArgumentException as with {@link #create(String, KeyPair)}
     */
    public static TokenKey verifying(String name, PublicKey key) {
        return new TokenKey(name, Algorithms.of(key), null, Algorithms.verifier(key));
    }

    /** Returns the token's {@code kid}. */
    public String name() {
        return name;
    }

    boolean canSign() {
        return signer != null;
    }

    /** Returns the first part of each token of this key. There is no other: nothing in a header is a token's choice. */
    String headerPart() {
        return header.toBase64URL().toString();
    }

    String sign(byte[] input) {
        if (signer == null) {
            throw new IllegalStateException("the key '" + name + "' only verifies");
        }
        try {
            return signer.sign(header, input).toString();
        } catch (JOSEException e) {
            throw new IllegalStateException("the key '" + name + "' can't sign", e);
        }
    }

    /** Returns whether this is a signature of the input; what is none is not an error. */
    boolean verifies(byte[] input, String signature) {
        try {
            return verifier.verify(header, input, new Base64URL(signature));
        } catch (JOSEException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return "TokenKey[" + name + ", " + header.getAlgorithm() + (canSign() ? "" : ", verifies only") + "]";
    }
}
