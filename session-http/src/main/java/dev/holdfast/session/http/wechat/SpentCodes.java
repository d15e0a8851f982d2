package dev.holdfast.session.http.wechat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The codes that were exchanged here, by their hash, for longer than WeChat keeps a code. Beyond so many the oldest is
 * forgotten, and WeChat itself refuses it. Thread-safe.
 */
final class SpentCodes {

    private static final Duration MEMORY = Duration.ofMinutes(10);
    private static final int MAX_CODES = 100_000;

    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Instant> spent = new LinkedHashMap<>();

    SpentCodes(InstantSource clock) {
        this.clock = clock;
    }

    /** Returns whether this is the first time that the code is presented. */
    boolean spend(String code) {
        String hash = hash(code);
        Instant now = clock.instant();
        lock.lock();
        try {
            Iterator<Instant> oldest = spent.values().iterator();
            while (oldest.hasNext() && oldest.next().plus(MEMORY).isBefore(now)) {
                oldest.remove();
            }
            if (spent.containsKey(hash)) {
                return false;
            }
            if (spent.size() >= MAX_CODES) {
                Iterator<Instant> first = spent.values().iterator();
                first.next();
                first.remove();
            }
            spent.put(hash, now);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private static String hash(String code) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(code.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
