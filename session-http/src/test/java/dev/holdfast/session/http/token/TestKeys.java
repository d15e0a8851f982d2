package dev.holdfast.session.http.token;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.InstantSource;
import javax.crypto.spec.SecretKeySpec;

/** A key of each kind, named {@code hs}, {@code rsa}, {@code ec} and {@code ed}. */
public record TestKeys(SecretKeySpec hmac, KeyPair rsa, KeyPair elliptic, KeyPair edwards) {

    /** Returns new keys. */
    public static TestKeys create() throws GeneralSecurityException {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        return new TestKeys(
                new SecretKeySpec(secret, "HmacSHA256"), generate("RSA"), generate("EC"), generate("Ed25519"));
    }

    static KeyPair generate(String kind) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
        switch (kind) {
            case "RSA" -> generator.initialize(2048);
            case "EC" -> generator.initialize(new ECGenParameterSpec("secp256r1"));
            default -> {}
        }
        return generator.generateKeyPair();
    }

    byte[] secret() {
        return hmac.getEncoded();
    }

    TokenKey hs() {
        return TokenKey.create("hs", hmac);
    }

    /** Returns tokens signed by {@code hs}, which accept those of all keys. */
    public SessionTokens tokens(InstantSource clock) {
        return SessionTokens.builder(hs(), AttackTokens.ISSUER, AttackTokens.AUDIENCE)
                .accept(TokenKey.create("rsa", rsa))
                .accept(TokenKey.create("ec", elliptic))
                .accept(TokenKey.verifying("ed", edwards.getPublic()))
                .clock(clock)
                .build();
    }
}
