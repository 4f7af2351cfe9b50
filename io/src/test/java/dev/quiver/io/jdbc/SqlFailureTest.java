package dev.quiver.io.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.SocketException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class SqlFailureTest {
    @Test
    void a_connection_that_broke_before_it_was_closed_is_a_database_that_is_gone() {
        var broken = new SocketException("Broken pipe");

        var closing = new SQLException("Unable to close connection properly", null, broken);

        assertThat(SqlFailure.isGone(closing)).isTrue();
        assertThat(SqlFailure.isGone(new SQLException("no such table", "42P01"))).isFalse();
    }
}
