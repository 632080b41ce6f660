"""Addresses of planners, under /planning/."""

from django.urls import path

from reports.views.planning import areas, carry, imports, layers, page, runs, saved, taken_over

urlpatterns = [
    path("", page.planning, name="planning"),
    path("map.json", page.reports_below, name="planning_map"),
    path("answer.<slug:kind>", carry.download, name="planning_download"),
    path("print/", carry.printed, name="planning_print"),
    path("areas/", areas.areas, name="planning_areas"),
    path("areas/<uuid:pk>/", areas.area, name="planning_area"),
    path("saved/", saved.analyses, name="planning_saved"),
    path("saved/<uuid:pk>/", saved.opened, name="planning_open"),
    path("saved/<uuid:pk>/change/", saved.changed, name="planning_change"),
    path("runs/", runs.runs, name="planning_runs"),
    path("runs/<uuid:pk>/", runs.run, name="planning_run"),
    path("runs/<uuid:pk>/state.json", runs.state, name="planning_run_state"),
    path("taken-over/", taken_over.imports, name="planning_taken_over"),
    path("taken-over/<int:pk>/undo/", taken_over.undo, name="planning_taken_over_undo"),
    path("taken-over/<uuid:pk>/", taken_over.page, name="planning_transfer"),
    path("taken-over/<uuid:pk>/state.json", taken_over.state, name="planning_transfer_state"),
    path("taken-over/<uuid:pk>/rows.csv", taken_over.rows, name="planning_transfer_rows"),
    path("layers/", layers.layers, name="planning_layers"),
    path("layers/new/", layers.new, name="planning_layer_new"),
    path("layers/new/service/", layers.new_service, name="planning_layer_service"),
    path("layers/imports/<uuid:pk>/", imports.page, name="planning_import"),
    path("layers/imports/<uuid:pk>/state.json", imports.state, name="planning_import_state"),
    path("layers/imports/<uuid:pk>/shapes.json", imports.shapes, name="planning_import_shapes"),
    path("layers/imports/<uuid:pk>/report.csv", imports.report, name="planning_import_report"),
    path("layers/<slug:slug>/", layers.layer, name="planning_layer"),
    path("layers/<slug:slug>/change/", layers.change, name="planning_layer_change"),
    path("layers/<slug:slug>/delete/", layers.delete, name="planning_layer_delete"),
    path("layers/<slug:slug>/import/", imports.send, name="planning_import_send"),
    path("layers/<slug:slug>/<z>/<x>/<y>.mvt", layers.tile, name="planning_layer_tile"),
]
