package dev.quiver.io.jdbc;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.SQLException;

/// Decimals in PostgreSQL's binary format: groups of four digits, aligned at the point.
final class CopyDecimal {
    private static final int NEGATIVE = 0x4000;
    private static final int GROUP = 10_000;
    private static final long[] POWERS = {1, 10, 100, 1000};

    private final int scale;
    private final int shift;
    private final short[] groups = new short[8];

    /// @param scale of the decimals
    CopyDecimal(int scale) {
        this.scale = scale;
        this.shift = Math.floorMod(-scale, 4);
    }

    /// A decimal of at most 18 digits.
    void put(long unscaled, CopySink.CopyBuffer to) throws SQLException {
        long left = Math.abs(unscaled);
        int count = 0;
        // The last group is filled up with zeros behind the point.
        if (shift > 0 && left != 0) {
            long part = GROUP / POWERS[shift];
            groups[count++] = (short) (left % part * POWERS[shift]);
            left /= part;
        }
        while (left != 0) {
            groups[count++] = (short) (left % GROUP);
            left /= GROUP;
        }
        int behind = (scale + 3) / 4;
        to.putInt(8 + count * 2);
        to.putShort(count);
        to.putShort(count == 0 ? 0 : count - 1 - behind);
        to.putShort(unscaled < 0 ? NEGATIVE : 0);
        to.putShort(scale);
        for (int i = count - 1; i >= 0; i--) to.putShort(groups[i]);
    }

    static void put(BigDecimal value, CopySink.CopyBuffer to) throws SQLException {
        int behind = (value.scale() + 3) / 4;
        BigInteger left = value.abs().setScale(behind * 4).unscaledValue();
        var groups = new java.util.ArrayList<Integer>();
        BigInteger base = BigInteger.valueOf(GROUP);
        while (left.signum() != 0) {
            BigInteger[] parts = left.divideAndRemainder(base);
            groups.add(parts[1].intValue());
            left = parts[0];
        }
        int count = groups.size();
        to.putInt(8 + count * 2);
        to.putShort(count);
        to.putShort(count == 0 ? 0 : count - 1 - behind);
        to.putShort(value.signum() < 0 ? NEGATIVE : 0);
        to.putShort(value.scale());
        for (int i = count - 1; i >= 0; i--) to.putShort(groups.get(i));
    }
}
