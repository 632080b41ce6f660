from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "api"

    def ready(self) -> None:
        from api.open311.answers import refusal
        from geoportal.kernel import middleware

        middleware.refusals_below("/open311/", refusal)
