package dev.quiver.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class HandshakeTest {
    private final Handshake mine = new Handshake(0x1234_5678_9ABC_DEF0L, "0.1.0");

    @Test
    void the_form_of_a_handshake_stays_the_same() {
        byte[] bytes = mine.encode();

        assertThat(bytes)
                .startsWith("QVR1".getBytes(StandardCharsets.US_ASCII))
                .hasSize(4 + 8 + 1 + 5);
        assertThat(Handshake.decode(bytes)).isEqualTo(mine);
    }

    @Test
    void another_version_is_refused_in_a_sentence() {
        var other = new Handshake(7, "0.2.0");

        assertThatThrownBy(() -> mine.requireSame(other, "the scheduler at host:8786"))
                .isInstanceOfSatisfying(
                        QuiverException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED))
                .hasMessageContaining(
                        "the scheduler at host:8786 speaks another language: it is Quiver 0.2.0,"
                                + " and this is 0.1.0");
        assertThatThrownBy(() -> mine.requireSame(new Handshake(7, "0.1.0"), "a worker"))
                .hasMessageContaining("it is Quiver 0.1.0, and this is another build of it");
        assertThatCode(() -> mine.requireSame(new Handshake(mine.fingerprint(), "0.1.1"), "it"))
                .doesNotThrowAnyException();
    }

    @Test
    void what_other_programs_say_is_no_handshake() {
        byte[] whole = mine.encode();
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> Handshake.decode(cut)).isInstanceOf(MalformedMessage.class);
        }
        byte[] http = "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> Handshake.decode(http))
                .isInstanceOf(MalformedMessage.class)
                .hasMessageContaining("doesn't begin as Quiver does");
    }
}
