package io.snowline.spring;

import io.snowline.id.IdGenerator;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.EnvironmentAware;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.type.AnnotationMetadata;

/** Defines the beans of the namespaces; one that the application has already keeps its place. Not thread-safe. */
final class GeneratorBeans implements ImportBeanDefinitionRegistrar, EnvironmentAware {

    private static final String SUFFIX = "IdGenerator";

    private Environment environment = new StandardEnvironment();

    /** Returns the name of the bean of a namespace. */
    static String beanName(String namespace) {
        return namespace + SUFFIX;
    }

    @Override
    public void setEnvironment(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
        SnowlineSettings settings = SnowlineSettings.of(environment);
        for (String namespace : settings.namespaces()) {
            if (!registry.containsBeanDefinition(beanName(namespace))) {
                registry.registerBeanDefinition(
                        beanName(namespace), definition(namespace, namespace.equals(settings.primary())));
            }
        }
    }

    private static RootBeanDefinition definition(String namespace, boolean primary) {
        RootBeanDefinition definition = new RootBeanDefinition(IdGenerator.class);
        definition.setFactoryBeanName("snowlineNamespaces");
        definition.setFactoryMethodName("generator");
        definition.getConstructorArgumentValues().addIndexedArgumentValue(0, namespace);
        definition.setDestroyMethodName("close");
        definition.setPrimary(primary);
        definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, namespace));
        return definition;
    }
}
