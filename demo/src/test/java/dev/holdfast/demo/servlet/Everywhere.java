package dev.holdfast.demo.servlet;

import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Each container with each backend. */
final class Everywhere {

    private Everywhere() {}

    static Stream<Arguments> combinations() {
        return Stream.of(Container.values())
                .flatMap(container -> Stream.of(Backend.values()).map(backend -> Arguments.of(container, backend)));
    }
}
