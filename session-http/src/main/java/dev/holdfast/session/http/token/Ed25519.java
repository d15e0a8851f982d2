package dev.holdfast.session.http.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.EdECPublicKey;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Ed25519 by the JDK; the library's own way needs another library. */
record Ed25519(@Nullable EdECPrivateKey signing, @Nullable EdECPublicKey verifying) implements JWSSigner, JWSVerifier {

    private static final String ALGORITHM = "Ed25519";
    private static final JCAContext CONTEXT = new JCAContext();

    @Override
    public Base64URL sign(JWSHeader header, byte[] input) throws JOSEException {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(signing);
            signature.update(input);
            return Base64URL.encode(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new JOSEException(e.getMessage(), e);
        }
    }

    @Override
    public boolean verify(JWSHeader header, byte[] input, Base64URL signed) throws JOSEException {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(verifying);
            signature.update(input);
            return signature.verify(signed.decode());
        } catch (SignatureException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new JOSEException(e.getMessage(), e);
        }
    }

    @Override
    public Set<JWSAlgorithm> supportedJWSAlgorithms() {
        return Set.of(JWSAlgorithm.parse("EdDSA"));
    }

    @Override
    public JCAContext getJCAContext() {
        return CONTEXT;
    }
}
