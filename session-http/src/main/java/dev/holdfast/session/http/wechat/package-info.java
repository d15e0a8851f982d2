/**
 * Log-in of WeChat mini-programs: needs Jackson, {@code tools.jackson.core:jackson-databind}, which an application that uses
 * this package adds itself.
 */
@NullMarked
package dev.holdfast.session.http.wechat;

import org.jspecify.annotations.NullMarked;
