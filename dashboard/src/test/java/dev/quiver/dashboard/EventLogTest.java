package dev.quiver.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.dashboard.Happening.About;
import dev.quiver.dashboard.Happening.Level;
import org.junit.jupiter.api.Test;

final class EventLogTest {
    private final EventLog log = new EventLog();

    private void happened(Level level, String text) {
        log.add(new Happening(0, level, text, About.NOTHING));
    }

    @Test
    void what_went_wrong_is_not_pushed_out_by_what_went_well() {
        happened(Level.ERROR, "a task failed");

        for (int i = 0; i < 5 * EventLog.EACH_MAX; i++) happened(Level.INFO, "a query began");

        assertThat(log.after(0)).hasSize(EventLog.EACH_MAX + 1);
        assertThat(log.after(0).getFirst().what().text()).isEqualTo("a task failed");
        assertThat(log.last()).isEqualTo(5 * EventLog.EACH_MAX + 1);
    }

    @Test
    void those_behind_a_number_come_in_order_whatever_their_level() {
        happened(Level.INFO, "one");
        happened(Level.ERROR, "two");
        happened(Level.INFO, "three");

        assertThat(log.after(1))
                .extracting(each -> each.what().text())
                .containsExactly("two", "three");
        assertThat(log.after(3)).isEmpty();
    }
}
