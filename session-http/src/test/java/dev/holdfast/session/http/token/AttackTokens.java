// One list of all known attacks, longer than 300 lines as there are many.
package dev.holdfast.session.http.token;

import dev.holdfast.session.SessionId;
import dev.holdfast.session.http.Unauthorized;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tokens that attackers are known to send, made for keys that are all accepted, and for a session that lives. Some were
 * signed with the very keys, as by another service that shares them. Made without the library that checks them.
 */
public final class AttackTokens {

    public static final String ISSUER = "https://example.org";
    public static final String AUDIENCE = "https://example.org/api";
    public static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final BigInteger ED25519_ORDER =
            BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

    private final TestKeys keys;
    private final String sid;
    private final Map<String, String> tokens = new LinkedHashMap<>();

    private AttackTokens(TestKeys keys, SessionId session) {
        this.keys = keys;
        this.sid = session.value();
    }

    /**
     * Returns the tokens by what is wrong with them.
     *
     * @param canary where nobody may ever look for a key
     */
    public static Map<String, String> against(TestKeys keys, SessionId session, URI canary)
            throws GeneralSecurityException {
        AttackTokens attack = new AttackTokens(keys, session);
        attack.algorithms();
        attack.keyNames();
        attack.keysOfTheirOwn(canary);
        attack.headers();
        attack.wrongClaims();
        attack.spellings();
        attack.signatures();
        attack.sizes();
        return attack.tokens;
    }

    /** Returns what must be said of it. */
    public static Unauthorized expected(String attack) {
        return attack.startsWith("expired") ? Unauthorized.EXPIRED : Unauthorized.MALFORMED;
    }

    private void algorithms() throws GeneralSecurityException {
        for (String none : new String[] {"none", "None", "NONE", "nOnE", ""}) {
            String input = input(header(none, "hs"), claims());
            add("alg '" + none + "' without a signature", input + ".");
            add("alg '" + none + "' with a signature", input + "." + hmac(keys.secret(), input));
            add("alg '" + none + "' without the last dot", input);
        }
        String confused = input(header("HS256", "rsa"), claims());
        byte[] der = keys.rsa().getPublic().getEncoded();
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END PUBLIC KEY-----\n";
        add("HMAC with the public RSA key", confused + "." + hmac(der, confused));
        add("HMAC with the public RSA key in PEM", confused + "." + hmac(ascii(pem), confused));
        String elliptic = input(header("HS256", "ec"), claims());
        byte[] ecKey = keys.elliptic().getPublic().getEncoded();
        add("HMAC with the public elliptic key", elliptic + "." + hmac(ecKey, elliptic));
        for (String other : new String[] {"HS384", "HS512", "RS256", "RS384", "PS256", "ES256", "ES256K", "EdDSA"}) {
            String input = input(header(other, "hs"), claims());
            add("alg " + other + " for the secret key", input + "." + hmac(keys.secret(), input));
        }
        String rsa = input(header("PS256", "rsa"), claims());
        add(
                "alg PS256 for the RSA key",
                rsa + "." + sign("SHA256withRSA", keys.rsa().getPrivate(), rsa));
    }

    private void keyNames() throws GeneralSecurityException {
        String[] names = {
            "\"unknown\"",
            "\"\"",
            "\"HS\"",
            "\"hs \"",
            "\"../../../../dev/null\"",
            "\"/dev/null\"",
            "\"x' UNION SELECT 'AAAA\"",
            "\"hs\\u0000\"",
            "\"|cat /etc/passwd\"",
            "null",
            "1",
            "[\"hs\"]",
            "{\"hs\":1}"
        };
        for (String name : names) {
            String input =
                    input("{\"alg\":\"HS256\",\"kid\":" + name + ",\"typ\":\"" + TokenKey.TYPE + "\"}", claims());
            add("kid " + name, input + "." + hmac(keys.secret(), input));
            add("kid " + name + " with an empty key", input + "." + hmac(new byte[] {0}, input));
        }
        String without = input("{\"alg\":\"HS256\",\"typ\":\"" + TokenKey.TYPE + "\"}", claims());
        add("no kid", without + "." + hmac(keys.secret(), without));
    }

    private void keysOfTheirOwn(URI canary) throws GeneralSecurityException {
        KeyPair own = TestKeys.generate("RSA");
        String jwk = "{\"kty\":\"oct\",\"k\":\"" + BASE64.encodeToString(new byte[32]) + "\"}";
        String[] members = {
            "\"jku\":\"" + canary + "\"",
            "\"x5u\":\"" + canary + "\"",
            "\"jwk\":" + jwk,
            "\"x5c\":[\"" + Base64.getEncoder().encodeToString(own.getPublic().getEncoded()) + "\"]",
            "\"x5t\":\"AAAA\""
        };
        for (String member : members) {
            String rsa = input(with(header("RS256", "rsa"), member), claims());
            add("own key by " + member.substring(0, 5), rsa + "." + sign("SHA256withRSA", own.getPrivate(), rsa));
            String hs = input(with(header("HS256", "hs"), member), claims());
            add("own HMAC key by " + member.substring(0, 5), hs + "." + hmac(new byte[32], hs));
            add("right key, but with " + member.substring(0, 5), hs + "." + hmac(keys.secret(), hs));
        }
    }

    private void headers() throws GeneralSecurityException {
        String header = header("HS256", "hs");
        String[] wrong = {
            with(header, "\"crit\":[\"exp\"],\"exp\":1"),
            with(header, "\"crit\":[\"b64\"],\"b64\":false"),
            with(header, "\"b64\":false"),
            with(header, "\"crit\":[]"),
            with(header, "\"zip\":\"DEF\""),
            with(header, "\"cty\":\"JWT\""),
            with(header, "\"alg\":\"none\""),
            "{\"alg\":\"none\"," + header.substring(1),
            with(header, "\"kid\":\"hs\""),
            header.replace(TokenKey.TYPE, "JWT"),
            header.replace(TokenKey.TYPE, "at+jwt"),
            header.replace(TokenKey.TYPE, TokenKey.TYPE.toUpperCase(Locale.ROOT)),
            header.replace(",\"typ\":\"" + TokenKey.TYPE + "\"", ""),
            header.replace("{", "{ "),
            header + " ",
            header.replace("HS256", "hs256"),
            "[" + header + "]",
            "null",
            "{}",
            "",
            "[".repeat(700)
        };
        for (String each : wrong) {
            String input = input(each, claims());
            add("header " + (each.length() > 100 ? "nested deeply" : each), input + "." + hmac(keys.secret(), input));
        }
        String zipped = BASE64.encodeToString(ascii(with(header, "\"zip\":\"DEF\""))) + "."
                + BASE64.encodeToString(deflated(ascii(claims())));
        add("zipped claims", zipped + "." + hmac(keys.secret(), zipped));
        String bomb = BASE64.encodeToString(ascii(with(header, "\"zip\":\"DEF\""))) + "."
                + BASE64.encodeToString(deflated(new byte[2_000_000]));
        add("a zip bomb", bomb + "." + hmac(keys.secret(), bomb));
    }

    private void wrongClaims() throws GeneralSecurityException {
        long now = NOW.getEpochSecond();
        String good = claims();
        String iat = "\"iat\":" + now;
        String exp = "\"exp\":" + (now + 900);
        Map<String, String> wrong = new LinkedHashMap<>();
        wrong.put("expired an hour ago", claims(ISSUER, AUDIENCE, now - 7200, now - 3600));
        wrong.put("expired in 1970", claims(ISSUER, AUDIENCE, 0, 1));
        wrong.put("issued in the future", claims(ISSUER, AUDIENCE, now + 3600, now + 7200));
        wrong.put("not valid yet", good.replace("\"nbf\":" + now, "\"nbf\":" + (now + 3600)));
        wrong.put("without exp", good.replace("," + exp, ""));
        wrong.put("exp null", good.replace(exp, "\"exp\":null"));
        wrong.put("exp a string", good.replace(exp, "\"exp\":\"" + (now + 900) + "\""));
        wrong.put("exp a fraction", good.replace(exp, exp + ".5"));
        wrong.put("exp 1e12", good.replace(exp, "\"exp\":1e12"));
        wrong.put("exp over 64 bits", good.replace(exp, "\"exp\":" + "9".repeat(30)));
        wrong.put("exp NaN", good.replace(exp, "\"exp\":NaN"));
        wrong.put("without iat", good.replace(iat + ",", ""));
        wrong.put("another issuer", claims(ISSUER + ".evil.example", AUDIENCE, now, now + 900));
        wrong.put("issuer with a slash", claims(ISSUER + "/", AUDIENCE, now, now + 900));
        wrong.put("issuer in capitals", claims("HTTPS://example.org", AUDIENCE, now, now + 900));
        wrong.put("issuer a list", good.replace("\"iss\":\"" + ISSUER + "\"", "\"iss\":[\"" + ISSUER + "\"]"));
        wrong.put("another audience", claims(ISSUER, ISSUER + "/other", now, now + 900));
        wrong.put("audience a prefix", claims(ISSUER, ISSUER + "/ap", now, now + 900));
        wrong.put("audience a list", good.replace("\"" + AUDIENCE + "\"", "[\"" + AUDIENCE + "\",\"x\"]"));
        wrong.put("audience a list of one", good.replace("\"" + AUDIENCE + "\"", "[\"" + AUDIENCE + "\"]"));
        wrong.put("without audience", good.replace("\"aud\":\"" + AUDIENCE + "\",", ""));
        wrong.put("sid twice", with(good, "\"sid\":\"" + sid + "\""));
        wrong.put("exp twice", with(good, "\"exp\":" + (now + 90_000)));
        wrong.put("a role", with(good, "\"role\":\"admin\""));
        wrong.put("without sid", good.replace("\"sid\":\"" + sid + "\",", ""));
        wrong.put("sid a path", good.replace(sid, "../../etc/passwd"));
        wrong.put("sid a number", good.replace("\"" + sid + "\"", "1"));
        wrong.put("sid padded", good.replace(sid, sid + " "));
        wrong.put("white space", good.replace(",", ", "));
        wrong.put(
                "members in another order",
                with("{" + exp, good.substring(1, good.length() - 1).replace("," + exp, "")));
        wrong.put("escaped letters", good.replace("\"sid\"", "\"s\\u0069d\""));
        wrong.put(
                "an ID token",
                "{\"iss\":\"" + ISSUER + "\",\"sub\":\"alice\",\"aud\":\"" + AUDIENCE + "\"," + exp + "," + iat + "}");
        wrong.put("a list", "[" + good + "]");
        wrong.put("nothing", "");
        wrong.put("no JSON", "sid=" + sid);
        wrong.put("nested claims", with(good, "\"x\":" + "[".repeat(500) + "]".repeat(500)));
        for (Map.Entry<String, String> each : wrong.entrySet()) {
            String input = input(header("HS256", "hs"), each.getValue());
            add(each.getKey(), input + "." + hmac(keys.secret(), input));
        }
        byte[] badText = good.replace("\"x\"", "x").getBytes(StandardCharsets.UTF_8);
        badText[10] = (byte) 0xC0;
        String notText = BASE64.encodeToString(ascii(header("HS256", "hs"))) + "." + BASE64.encodeToString(badText);
        add("claims that are no UTF-8", notText + "." + hmac(keys.secret(), notText));
    }

    private void spellings() throws GeneralSecurityException {
        String good =
                keys.tokens(() -> NOW).issue(SessionId.parse(sid).orElseThrow()).value();
        String[] parts = good.split("\\.", -1);
        add(
                "signature with stray bits",
                good.substring(0, good.length() - 1) + twiddled(good.charAt(good.length() - 1)));
        add("signature padded", good + "=");
        add("signature twice", good + "." + parts[2]);
        add("a space behind", good + " ");
        add("a space in front", " " + good);
        add("a line break within", parts[0] + "." + parts[1] + ".\n" + parts[2]);
        add("an empty part", parts[0] + ".." + parts[2]);
        add("no signature", parts[0] + "." + parts[1] + ".");
        add("claims padded", signed(parts[0] + "." + parts[1] + "="));
        add("claims with a stray character", signed(parts[0] + "." + parts[1] + "*"));
        add("header padded", signed(parts[0] + "=." + parts[1]));
        String odd = claims().length() % 3 == 0 ? claims() + " " : claims();
        String payload = BASE64.encodeToString(ascii(odd));
        char last = payload.charAt(payload.length() - 1);
        add(
                "claims with stray bits",
                signed(parts[0] + "." + payload.substring(0, payload.length() - 1) + twiddled(last)));
        add("in capitals", good.toUpperCase(Locale.ROOT));
        add(
                "as JSON",
                "{\"protected\":\"" + parts[0] + "\",\"payload\":\"" + parts[1] + "\",\"signature\":\"" + parts[2]
                        + "\"}");
        add("encrypted, in five parts", good + ".AAAA.AAAA");
        add("the bare id", sid);
        add("dots", "..");
        add("nothing", ".");
    }

    private void signatures() throws GeneralSecurityException {
        String rsa = input(header("RS256", "rsa"), claims());
        add(
                "RSA by another key",
                rsa + "." + sign("SHA256withRSA", TestKeys.generate("RSA").getPrivate(), rsa));
        add("RSA with SHA-1", rsa + "." + sign("SHA1withRSA", keys.rsa().getPrivate(), rsa));
        add("RSA zero", rsa + "." + BASE64.encodeToString(new byte[256]));
        add("RSA one", rsa + "." + BASE64.encodeToString(one(256)));

        String ec = input(header("ES256", "ec"), claims());
        add("elliptic zero", ec + "." + BASE64.encodeToString(new byte[64]));
        add("elliptic one", ec + "." + BASE64.encodeToString(one(64)));
        add(
                "elliptic in DER",
                ec + "." + sign("SHA256withECDSA", keys.elliptic().getPrivate(), ec));
        add("elliptic too long", ec + "." + BASE64.encodeToString(new byte[96]));
        add(
                "elliptic by another key",
                ec + "."
                        + sign(
                                "SHA256withECDSAinP1363Format",
                                TestKeys.generate("EC").getPrivate(),
                                ec));

        String ed = input(header("EdDSA", "ed"), claims());
        byte[] signature =
                Base64.getUrlDecoder().decode(sign("Ed25519", keys.edwards().getPrivate(), ed));
        add("EdDSA zero", ed + "." + BASE64.encodeToString(new byte[64]));
        add("EdDSA of another spelling", ed + "." + BASE64.encodeToString(malleated(signature)));
        add("EdDSA too short", ed + "." + BASE64.encodeToString(Arrays.copyOf(signature, 63)));
        add(
                "EdDSA by another key",
                ed + "." + sign("Ed25519", TestKeys.generate("Ed25519").getPrivate(), ed));

        String hs = input(header("HS256", "hs"), claims());
        add("HMAC cut", hs + "." + hmac(keys.secret(), hs).substring(0, 20));
        add("HMAC of other claims", hs + "." + hmac(keys.secret(), input(header("HS256", "hs"), "{}")));
    }

    private void sizes() throws GeneralSecurityException {
        String long8k = claims(ISSUER, "x".repeat(6000), NOW.getEpochSecond(), NOW.getEpochSecond() + 900);
        add("over 8 KiB", signed(input(header("HS256", "hs"), long8k)));
        add("a million dots", ".".repeat(1_000_000));
    }

    private void add(String what, String token) {
        tokens.put(tokens.containsKey(what) ? what + " again" : what, token);
    }

    private String signed(String input) throws GeneralSecurityException {
        return input + "." + hmac(keys.secret(), input);
    }

    /** Returns a header as ours are spelt, so that only the attack is wrong with it. */
    private static String header(String algorithm, String name) {
        return "{\"kid\":\"" + name + "\",\"typ\":\"" + TokenKey.TYPE + "\",\"alg\":\"" + algorithm + "\"}";
    }

    private String claims() {
        return claims(ISSUER, AUDIENCE, NOW.getEpochSecond(), NOW.getEpochSecond() + 900);
    }

    private String claims(String issuer, String audience, long from, long until) {
        return "{\"iss\":\"" + issuer + "\",\"aud\":\"" + audience + "\",\"sid\":\"" + sid + "\",\"iat\":" + from
                + ",\"nbf\":" + from + ",\"exp\":" + until + "}";
    }

    private static String with(String object, String member) {
        return object.substring(0, object.length() - (object.endsWith("}") ? 1 : 0)) + "," + member + "}";
    }

    private static String input(String header, String claims) {
        return BASE64.encodeToString(ascii(header)) + "." + BASE64.encodeToString(ascii(claims));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static String hmac(byte[] key, String input) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return BASE64.encodeToString(mac.doFinal(ascii(input)));
    }

    private static String sign(String algorithm, PrivateKey key, String input) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(ascii(input));
        return BASE64.encodeToString(signature.sign());
    }

    private static byte[] deflated(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflating = new DeflaterOutputStream(out, new Deflater(9, true))) {
            deflating.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] one(int length) {
        byte[] bytes = new byte[length];
        bytes[length / 2 - 1] = 1;
        bytes[length - 1] = 1;
        return bytes;
    }

    /** Adds the group's order to the second half, which lies in the order of little bytes first. */
    private static byte[] malleated(byte[] signature) {
        byte[] second = Arrays.copyOfRange(signature, 32, 64);
        byte[] sum = new BigInteger(1, reversed(second)).add(ED25519_ORDER).toByteArray();
        byte[] little = Arrays.copyOf(reversed(sum), 32);
        byte[] malleated = signature.clone();
        System.arraycopy(little, 0, malleated, 32, 32);
        return malleated;
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }

    private static char twiddled(char last) {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return alphabet.charAt(alphabet.indexOf(last) ^ 1);
    }
}
