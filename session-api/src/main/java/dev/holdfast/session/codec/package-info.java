/**
 * Attribute values as bytes: the {@link dev.holdfast.session.codec.ValueCodec} that turns the one into the other, the
 * {@link dev.holdfast.session.codec.TypedCodec} that is there by default, and the
 * {@link dev.holdfast.session.codec.JdkCodec} for types that can't be stored otherwise. For the application's own types
 * take the {@link dev.holdfast.session.codec.json.JsonCodec}.
 *
 * <h2>The typed format</h2>
 *
 * A value is a tag, one byte, and what the table says. The tags are stable: none changes its meaning, and a new type or
 * form gets a new tag, so an older reader refuses what it does not know. Each value has one spelling; another one is
 * refused, so what can be read is written again as the same bytes, as far as other codecs' values within it are.
 *
 * <p>In the table <i>u</i> is an unsigned number of seven bits a byte, the lowest bits first, the highest bit of a byte
 * set if more bytes follow, in as few bytes as possible; <i>s</i> is a signed number n as the <i>u</i> of
 * {@code (n << 1) ^ (n >> 63)}; <i>bytes</i> is a <i>u</i> and as many bytes; <i>number[n]</i> is an integer of n bytes,
 * the highest first; <i>text</i> is a tagged String.
 *
 * <table>
 * <caption>Tags</caption>
 * <tr><th>tag</th><th>type</th><th>followed by</th></tr>
 * <tr><td>00</td><td>null, within a collection</td><td></td></tr>
 * <tr><td>01, 02</td><td>false, true</td><td></td></tr>
 * <tr><td>10</td><td>Byte</td><td>number[1]</td></tr>
 * <tr><td>11, 12, 13</td><td>Short, Integer, Long</td><td>s</td></tr>
 * <tr><td>14, 15</td><td>Float, Double</td><td>number[4], number[8] of IEEE 754; NaN is 7FC00000 or
 *     7FF8000000000000</td></tr>
 * <tr><td>16</td><td>Character</td><td>u</td></tr>
 * <tr><td>17</td><td>BigInteger</td><td>bytes: two's complement, the highest first, as few as possible</td></tr>
 * <tr><td>18</td><td>BigDecimal</td><td>s scale, then the unscaled number as in BigInteger</td></tr>
 * <tr><td>20</td><td>String of Latin-1 characters only</td><td>bytes, one a character</td></tr>
 * <tr><td>21</td><td>String, well-formed</td><td>bytes: UTF-8</td></tr>
 * <tr><td>22</td><td>String with unpaired surrogates</td><td>u characters, number[2] each</td></tr>
 * <tr><td>28</td><td>UUID</td><td>number[16]</td></tr>
 * <tr><td>29</td><td>URI</td><td>text</td></tr>
 * <tr><td>2A</td><td>Locale</td><td>text: language tag of BCP 47</td></tr>
 * <tr><td>2B</td><td>enum</td><td>text: stored name of the enum, text: name of the constant</td></tr>
 * <tr><td>30</td><td>Instant</td><td>s seconds since 1970, u nanoseconds</td></tr>
 * <tr><td>31</td><td>LocalDate</td><td>s days since 1970</td></tr>
 * <tr><td>32</td><td>LocalTime</td><td>u nanoseconds since midnight</td></tr>
 * <tr><td>33</td><td>LocalDateTime</td><td>as LocalDate, as LocalTime</td></tr>
 * <tr><td>34</td><td>OffsetDateTime</td><td>as LocalDateTime, s seconds of offset</td></tr>
 * <tr><td>35</td><td>OffsetTime</td><td>as LocalTime, s seconds of offset</td></tr>
 * <tr><td>36</td><td>ZonedDateTime</td><td>as OffsetDateTime, bytes: id of the region in ASCII, none if the zone is the
 *     offset</td></tr>
 * <tr><td>37</td><td>ZoneOffset</td><td>s seconds</td></tr>
 * <tr><td>38</td><td>ZoneId, a region</td><td>bytes: id in ASCII</td></tr>
 * <tr><td>39</td><td>Duration</td><td>s seconds, u nanoseconds</td></tr>
 * <tr><td>3A</td><td>Period</td><td>s years, s months, s days</td></tr>
 * <tr><td>3B</td><td>Year</td><td>s</td></tr>
 * <tr><td>3C</td><td>YearMonth</td><td>s year, number[1] month</td></tr>
 * <tr><td>3D</td><td>MonthDay</td><td>number[1] month, number[1] day</td></tr>
 * <tr><td>3E, 3F</td><td>DayOfWeek, Month</td><td>number[1], from 1</td></tr>
 * <tr><td>40</td><td>byte[]</td><td>bytes</td></tr>
 * <tr><td>41, 42</td><td>int[], long[]</td><td>u length, s each</td></tr>
 * <tr><td>43</td><td>double[]</td><td>u length, number[8] each</td></tr>
 * <tr><td>44</td><td>String[]</td><td>u length, tagged Strings or nulls</td></tr>
 * <tr><td>50, 51</td><td>List, Set</td><td>u size, tagged values in order; none twice in a Set</td></tr>
 * <tr><td>52</td><td>Map</td><td>u size, tagged key and tagged value by turns; no key twice</td></tr>
 * <tr><td>53, 54</td><td>sorted Set, sorted Map</td><td>as Set, as Map, ascending in natural order</td></tr>
 * <tr><td>60</td><td>a value of another codec, within a collection</td><td>number[1] the codec's format, bytes: what
 *     that codec made of it</td></tr>
 * </table>
 *
 * <h2>The JSON format</h2>
 *
 * Number[1] length of the type's stored name, the name in ASCII, number[2] version of the type, and JSON in UTF-8.
 */
@NullMarked
package dev.holdfast.session.codec;

import org.jspecify.annotations.NullMarked;
