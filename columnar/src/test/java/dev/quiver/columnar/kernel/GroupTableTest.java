package dev.quiver.columnar.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.ColumnBuilder;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.schema.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class GroupTableTest {
    private static final Owner OWNER = new Owner("test", "GroupTable", -1);

    @Test
    void keys_that_span_more_than_a_long_are_numbered_by_first_appearance() {
        long seed = Long.getLong("seed", 64L);
        System.out.println("GroupTableTest seed=" + seed);
        var random = new Random(seed);
        try (var pool = new MemoryPool(256 << 20)) {
            for (int i = 0; i < 3000; i++) {
                var table = new GroupTable(List.of(DataType.FLOAT64), true, pool.account(OWNER));
                var seen = new ArrayList<Object>();
                for (int chunk = 0; chunk < 4; chunk++) {
                    assign(pool, table, random, seen);
                    if (random.nextInt(8) == 0) table.expect(random.nextInt(10_000));
                }
                table.close();
            }
        }
    }

    private static void assign(
            MemoryPool pool, GroupTable table, Random random, ArrayList<Object> seen) {
        var values = new ArrayList<Object>();
        int rows = 1 + random.nextInt(4);
        for (int i = 0; i < rows; i++)
            values.add(random.nextInt(8) == 0 ? null : (random.nextInt(81) - 40) / 4.0);
        var expected = new int[rows];
        for (int i = 0; i < rows; i++) {
            if (!seen.contains(values.get(i))) seen.add(values.get(i));
            expected[i] = seen.indexOf(values.get(i));
        }
        var groups = new int[rows];

        try (Column column = ColumnBuilder.column(DataType.FLOAT64, pool.account(OWNER), values)) {
            table.assign(List.of(column), rows, groups);
        }

        assertThat(groups).as("after %s: %s", seen, values).isEqualTo(expected);
    }
}
