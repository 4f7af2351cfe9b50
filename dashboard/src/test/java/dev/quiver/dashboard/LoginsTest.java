package dev.quiver.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// How long a browser is known, and how many wrong tokens are looked at.
class LoginsTest {
    private final AtomicLong nanos = new AtomicLong(-5);
    private final Logins logins = new Logins(nanos::get);
    private final WrongTokens wrong = new WrongTokens(nanos::get);

    private void pass(long seconds) {
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    @Test
    void a_browser_is_known_until_its_time_is_over() {
        String ada = logins.open("ada");
        pass(60);
        String bob = logins.open("bob");

        pass(Logins.SECONDS - 61);
        assertThat(logins.owner(ada)).contains("ada");
        assertThat(logins.owner(bob)).contains("bob");
        pass(1);
        assertThat(logins.owner(ada)).isEmpty();
        assertThat(logins.owner(bob)).contains("bob");
    }

    @Test
    void what_nobody_was_given_is_nobody_s() {
        String ada = logins.open("ada");

        assertThat(logins.owner(logins.open("ada"))).contains("ada");
        assertThat(ada).hasSize(43);
        assertThat(logins.owner("")).isEmpty();
        assertThat(logins.owner(ada.substring(1))).isEmpty();
        assertThat(logins.owner("ada")).isEmpty();
    }

    @Test
    void who_logs_out_is_not_known_any_more_and_others_are() {
        String ada = logins.open("ada");
        String elsewhere = logins.open("ada");

        logins.close(ada);
        logins.close("nobody's");

        assertThat(logins.owner(ada)).isEmpty();
        assertThat(logins.owner(elsewhere)).contains("ada");
    }

    @Test
    void of_too_many_browsers_the_first_is_forgotten() {
        String first = logins.open("first");
        String second = logins.open("second");
        for (int i = 0; i < 999; i++) logins.open("another");

        assertThat(logins.owner(first)).isEmpty();
        assertThat(logins.owner(second)).contains("second");
    }

    @Test
    void after_ten_wrong_tokens_in_a_minute_none_from_there_is_looked_at_until_it_is_over()
            throws Exception {
        InetAddress there = InetAddress.getByName("192.0.2.7");
        InetAddress elsewhere = InetAddress.getByName("192.0.2.8");

        for (int i = 0; i < 9; i++) wrong.add(there);
        assertThat(wrong.areTooMany(there)).isFalse();
        wrong.add(there);
        assertThat(wrong.areTooMany(there)).isTrue();
        assertThat(wrong.areTooMany(elsewhere)).isFalse();
        pass(WrongTokens.SECONDS);
        assertThat(wrong.areTooMany(there)).isFalse();
        wrong.add(there);
        assertThat(wrong.areTooMany(there)).isFalse();
    }
}
