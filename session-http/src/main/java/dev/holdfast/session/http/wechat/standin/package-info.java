/**
 * A WeChat on one's own machine, for tests and demos: not for production. Needs the JDK's module {@code jdk.httpserver}.
 */
@NullMarked
package dev.holdfast.session.http.wechat.standin;

import org.jspecify.annotations.NullMarked;
