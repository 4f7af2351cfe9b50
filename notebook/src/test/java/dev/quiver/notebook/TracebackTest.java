package dev.quiver.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TracebackTest {
    private static final String CANT_TRAVEL =
            """
            the closure reads variable 'door' of the notebook, which can't travel to a worker
              because: java.net.ServerSocket is not Serializable
              fix: open it inside the task\
            """;

    @Test
    void a_cause_is_not_told_again_that_the_message_tells() {
        assertThat(Traceback.says(CANT_TRAVEL, "java.net.ServerSocket is not Serializable"))
                .isTrue();
        assertThat(Traceback.says(CANT_TRAVEL, CANT_TRAVEL)).isTrue();
        assertThat(Traceback.says(CANT_TRAVEL, null)).isTrue();
        assertThat(Traceback.says(CANT_TRAVEL, "no space left")).isFalse();
        assertThat(Traceback.says(null, "no space left")).isFalse();
    }
}
