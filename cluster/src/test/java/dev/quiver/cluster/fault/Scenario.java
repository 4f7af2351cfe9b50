package dev.quiver.cluster.fault;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/// A test of what goes wrong with real processes, which may go wrong at any moment: it runs as
/// often as the system property `scenario.repetitions` says, once where it says nothing.
@TestTemplate
@ExtendWith(Scenario.Repetitions.class)
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface Scenario {
    /// As many as are wanted.
    final class Repetitions implements TestTemplateInvocationContextProvider {
        @Override
        public boolean supportsTestTemplate(ExtensionContext context) {
            return true;
        }

        @Override
        public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
                ExtensionContext context) {
            int count = Integer.getInteger("scenario.repetitions", 1);
            return IntStream.range(0, count).mapToObj(_ -> new TestTemplateInvocationContext() {});
        }
    }
}
