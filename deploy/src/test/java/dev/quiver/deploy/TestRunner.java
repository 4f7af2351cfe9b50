package dev.quiver.deploy;

import dev.quiver.testkit.PipelineTest;
import java.lang.reflect.Method;
import org.junit.jupiter.api.Test;

/// Runs the tests of a class as JUnit would, in a process without a launcher.
final class TestRunner {
    private TestRunner() {}

    public static void main(String[] arguments) throws Exception {
        int passed = 0;
        Class<?> type = Class.forName(arguments[0]);
        for (Method method : type.getDeclaredMethods()) {
            if (!method.isAnnotationPresent(Test.class)) continue;
            var constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            Object instance = constructor.newInstance();
            var field = type.getDeclaredField("test");
            field.setAccessible(true);
            try (var _ = ((PipelineTest) field.get(instance)).open()) {
                method.setAccessible(true);
                method.invoke(instance);
            }
            passed++;
        }
        System.out.println(passed + " passed");
    }
}
