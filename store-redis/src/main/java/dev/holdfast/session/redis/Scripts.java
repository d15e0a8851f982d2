package dev.holdfast.session.redis;

import java.util.stream.Collectors;

/**
 * What is done inside the server. KEYS[1] is the record, all else that is named lies under the same hash tag. Lines that
 * end in --events are there only if the store tells events. Times are compared as pairs of 32-bit numbers, since Lua's
 * numbers have 53 bits and its string comparison follows the server's locale.
 */
final class Scripts {

    /** No live record. */
    static final long NO = 0;
    /** Done. */
    static final long YES = 1;
    /** Another version is stored. */
    static final long CONFLICT = 2;
    /** To be called again with all keys: the principal index must be written, too. */
    static final long NEEDS_INDEX = 3;

    /** The head of the record is h, or nil. Every call defines its functions anew, so here are no more than all need. */
    private static final String HEAD = """
            local K, call, sub = KEYS[1], redis.call, string.sub
            local NEVER, NOBODY = '\\127\\255\\255\\255\\255\\255\\255\\255', '\\255\\255'
            local h = redis.pcall('GETRANGE', K, 0, 63)
            if type(h) == 'table' and not string.find(h.err, 'WRONGTYPE') then call('GETRANGE', K, 0, 63) end
            if type(h) ~= 'string' or #h ~= 64 or sub(h, 1, 2) ~= 'H\\1' then h = nil end
            local function after(a, b)
              local ah, al = struct.unpack('>i4I4', a)
              local bh, bl = struct.unpack('>i4I4', b)
              return ah > bh or ah == bh and al > bl
            end
            local function live(now) return h and after(sub(h, 23, 30), now) end
            """;

    /** Stands in place of {@code @INDEX@}: most sessions have no principal, and need none of it. */
    private static final String INDEX = """
            local base, raw = sub(K, 1, -33), sub(K, -32)
            local P, N = base .. 'p', base .. 'n'
            local function whole(number) return string.format('%.0f', number) end
            local function keep(index, ttl)
              local left = call('PTTL', index)
              if left ~= -2 and left < ttl then
                call('PEXPIRE', index, whole(math.min(2 * ttl + 3600000, 9007199254740992)))
              end
              return left ~= -2
            end
            local function principal(h)
              if sub(h, 59, 60) == NOBODY then return nil end
              return call('GETRANGE', K, 64, 63 + struct.unpack('>I2', sub(h, 59, 60)))
            end
            local function member(name) return sub(redis.sha1hex(name), 1, 20) .. raw end
            local function delist(name)
              local m = member(name)
              call('ZREM', P, m)
              call('ZREM', N, m)
            end
            local function enlist(name, ttl)
              local m, to, from = member(name), P, N
              if ttl == '' then to, from = N, P end
              call('ZREM', from, m)
              call('ZADD', to, 0, m)
              if ttl ~= '' then keep(P, tonumber(ttl)) end
              for _, other in ipairs(call('ZRANGEBYLEX', to, '(' .. m, '+', 'LIMIT', 0, 3)) do
                if call('EXISTS', base .. sub(other, -32)) == 0 then call('ZREM', to, other) end
              end
            end
            """;

    private static final String EVENTS = """
            local D, C = base .. 'd', base .. 'c'
            local function millis(bytes)
              local high, low = struct.unpack('>i4I4', bytes)
              return high * 4294967296 + low
            end
            local function due(expiry, ttl)
              if expiry == NEVER then return call('ZREM', D, raw) end
              call('ZADD', D, whole(millis(expiry)), raw)
              keep(D, tonumber(ttl) + 604800000)
            end
            local function changed()
              local time = call('TIME')
              local now = time[1] * 1000 + math.floor(time[2] / 1000)
              call('ZADD', C, whole(now), raw)
              call('ZREMRANGEBYSCORE', C, '-inf', whole(now - 300000))
              call('PEXPIRE', C, 300000)
            end
            """;

    /** ARGV: value, TTL or '', now, digest of an unreadable value that may be replaced or ''. */
    private static final String CREATE = """
            @INDEX@
            local v, ttl = ARGV[1], ARGV[2]
            if live(ARGV[3]) then
              if sub(h, 35, 50) == sub(v, 35, 50) then return 1 end
              if ARGV[4] == '' or redis.sha1hex(call('GET', K)) ~= ARGV[4] then return 0 end
            end
            local before = h and principal(h)
            if before then delist(before) end
            local was = call('ZSCORE', D, raw) --events
            if was and tonumber(was) <= millis(ARGV[3]) then call('ZADD', D, 0, raw .. '!') end --events
            if ttl == '' then call('SET', K, v) else call('SET', K, v, 'PX', ttl) end
            if sub(v, 59, 60) ~= NOBODY then
              enlist(sub(v, 65, 64 + struct.unpack('>I2', sub(v, 59, 60))), ttl)
            end
            due(sub(v, 23, 30), ttl) --events
            return 1
            """;

    /** ARGV: access block, now, TTL or ''. */
    private static final String TOUCH = """
            local ttl = ARGV[3]
            if not live(ARGV[2]) then return 0 end
            if after(sub(h, 15, 22), sub(ARGV[1], 1, 8)) then return 1 end
            if sub(h, 59, 60) ~= NOBODY then
              @INDEX@
              if (ttl == '') ~= (sub(h, 23, 30) == NEVER) then
                if #KEYS < @ALL@ then return 3 end
                enlist(principal(h), ttl)
              elseif ttl ~= '' then
                keep(P, tonumber(ttl))
              end
            end
            call('SETRANGE', K, 14, ARGV[1])
            if ttl == '' then call('PERSIST', K) else call('PEXPIRE', K, ttl) end
            due(sub(ARGV[1], 9, 16), ttl) --events
            return 1
            """;

    /** ARGV: value, expected version, now, TTL or ''. */
    private static final String UPDATE = """
            local v, ttl = ARGV[1], ARGV[4]
            if not live(ARGV[3]) then return 0 end
            if sub(h, 35, 42) ~= ARGV[2] then
              if sub(h, 35, 50) == sub(v, 35, 50) then return 1 end
              return 2
            end
            local touched = after(sub(h, 15, 22), sub(v, 15, 22))
            local expiry = sub(touched and h or v, 23, 30)
            if sub(h, 59, 60) ~= NOBODY or sub(v, 59, 60) ~= NOBODY then
              @INDEX@
              local before, now = principal(h), nil
              if sub(v, 59, 60) ~= NOBODY then now = sub(v, 65, 64 + struct.unpack('>I2', sub(v, 59, 60))) end
              local left = touched and (expiry == NEVER and '' or call('PTTL', K)) or ttl
              local moved = before ~= now or (expiry == NEVER) ~= (sub(h, 23, 30) == NEVER)
              if now and not moved and expiry ~= NEVER and not keep(P, tonumber(left)) then
                moved = #KEYS >= @ALL@
              end
              if moved then
                if now and #KEYS < @ALL@ then return 3 end
                if before and before ~= now then delist(before) end
                if now then enlist(now, left) end
              end
            end
            if touched then
              call('SET', K, v, 'KEEPTTL')
              call('SETRANGE', K, 14, sub(h, 15, 34))
            elseif ttl == '' then
              call('SET', K, v)
            else
              call('SET', K, v, 'PX', ttl)
            end
            if sub(h, 3, 14) ~= sub(v, 3, 14) then call('SETRANGE', K, 2, sub(h, 3, 14)) end
            if not touched then due(expiry, ttl) end --events
            changed() --events
            return 1
            """;

    /** ARGV: now, and if only a principal's session is meant, the principal. */
    private static final String DELETE = """
            if ARGV[2] or h and sub(h, 59, 60) ~= NOBODY then
              @INDEX@
              local name = h and principal(h)
              if ARGV[2] and ARGV[2] ~= name then return 0 end
              if name then delist(name) end
            end
            call('DEL', K)
            if not live(ARGV[1]) then return 0 end
            call('ZREM', D, raw) --events
            changed() --events
            return 1
            """;

    /** ARGV: a principal's digest in the index. Removes its entry for the record, unless the record is its own. */
    private static final String HEAL = """
            @INDEX@
            local name = h and principal(h)
            if name and sub(redis.sha1hex(name), 1, 20) == ARGV[1] then return 0 end
            call('ZREM', P, ARGV[1] .. raw)
            call('ZREM', N, ARGV[1] .. raw)
            return 1
            """;

    final Script create;
    final Script touch;
    final Script update;
    final Script delete;
    final Script heal;

    Scripts(boolean events) {
        create = script(events, CREATE);
        touch = script(events, TOUCH);
        update = script(events, UPDATE);
        delete = script(events, DELETE);
        heal = script(events, HEAL);
    }

    private static Script script(boolean events, String body) {
        // what is told of events needs the index' functions everywhere
        String text =
                events ? HEAD + INDEX + EVENTS + body.replace("@INDEX@", "") : HEAD + body.replace("@INDEX@", INDEX);
        return new Script(text.lines()
                .filter(line -> events || !line.endsWith("--events"))
                .map(line -> line.replace(" --events", "").replace("@ALL@", events ? "5" : "3"))
                .collect(Collectors.joining("\n")));
    }
}
