package dev.quiver.dataframe.chart;

import java.util.List;

/// The values along an axis.
///
/// @param min the first; times are seconds since 1970 by the clock of their zone
/// @param max the last, more than `min`
public record Scale(double min, double max, Kind kind) {
    /// What the values are.
    public enum Kind {
        NUMBER,
        TIME
    }

    public Scale {
        if (!(min < max) || !Double.isFinite(max - min))
            throw new IllegalArgumentException("from %s to %s".formatted(min, max));
    }

    /// From the least to the greatest value; a single one is in the middle.
    public static Scale over(double min, double max, Kind kind) {
        if (min < max) return new Scale(min, max, kind);
        double around = kind == Kind.TIME ? 1 : Math.max(0.5, Math.abs(min) * 1e-6);
        return new Scale(min - around, max + around, kind);
    }

    /// The same, wider, so that it begins and ends at a tick; times stay as they are.
    Scale rounded(int ticks) {
        if (kind == Kind.TIME) return this;
        double step = NumberTicks.step(min, max, ticks);
        return new Scale(
                Math.floor(min / step + 1e-9) * step, Math.ceil(max / step - 1e-9) * step, kind);
    }

    /// Where a value is, from 0 to 1.
    double at(double value) {
        return (value - min) / (max - min);
    }

    /// At most so many round values.
    List<Tick> ticks(int most) {
        return kind == Kind.TIME
                ? TimeTicks.between(min, max, most)
                : NumberTicks.between(min, max, most);
    }

    /// A value as it is written along the axis.
    String label(double value) {
        return kind == Kind.TIME
                ? TimeTicks.label(value, max - min)
                : NumberTicks.label(value, NumberTicks.step(min, max, 100));
    }
}
