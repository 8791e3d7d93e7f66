use quantscope::engine::assign::dithering::{Dithering, Pattern};
use quantscope::engine::colour::Space;
use quantscope::engine::fit::Method;
use quantscope::view::bridge::photo::photo_spec;
use quantscope::view::photo::settings::{Goal, MOST_PANES, PaneSettings, PhotoSettings, close_place};

fn counts(settings: &PhotoSettings) -> Vec<u16> {
    settings.panes.iter().map(|pane| pane.source.count).collect()
}

fn changed(pane: &PaneSettings, change: impl FnOnce(&mut PaneSettings)) -> PaneSettings {
    let mut pane = pane.clone();
    change(&mut pane);
    pane
}

fn mask() -> Dithering {
    Dithering::of("bayer8".parse::<Pattern>().unwrap())
}

#[test]
fn the_photo_opens_best_for_the_eye_in_three_panes() {
    let settings = PhotoSettings::default();
    assert_eq!(counts(&settings), [256, 16, 4]);
    assert!(settings.panes.iter().all(|pane| pane.goal() == Goal::Eye));
}

#[test]
fn a_goal_is_told_from_the_settings_and_any_other_settings_are_custom() {
    for goal in [Goal::Eye, Goal::Nearest] {
        let settings = PhotoSettings::default().with_goal(goal, 1, false);
        let goal_after = |change: fn(&mut PaneSettings)| changed(&settings.panes[1], change).goal();
        assert_eq!(goal_after(|_| {}), goal);
        assert_eq!(goal_after(|pane| pane.source.count = 77), goal, "colours are no part of it");
        assert_eq!(goal_after(|pane| pane.dither = mask()), Goal::Custom);
        // The eye's pattern has a method and a space of its own, and one palette.
        let other = if goal == Goal::Eye { Goal::Eye } else { Goal::Custom };
        assert_eq!(goal_after(|pane| pane.method = Method::Octree), other);
        assert_eq!(goal_after(|pane| pane.space = Space::Oklab), other);
        assert_eq!(goal_after(|pane| pane.tile = Some(8)), other);
        let back = settings.with_pane(1, changed(&settings.panes[1], |pane| pane.tile = Some(8)), false);
        assert_eq!(back.with_goal(goal, 1, false), settings, "and the goal takes tiles away");
        assert_eq!(back.with_goal(Goal::Custom, 1, false), back);
    }
}

#[test]
fn what_has_no_effect_on_the_eyes_pattern_makes_no_other_reduction() {
    let eye = PhotoSettings::default().panes[1].clone();
    let idle = changed(&eye, |pane| (pane.method, pane.space, pane.tile) = (Method::Octree, Space::Oklab, Some(8)));
    assert_eq!(idle.spec(), eye.spec());
    assert_ne!(changed(&eye, |pane| pane.dither.strength_percent = 50).spec(), eye.spec(), "its grain has one");
}

#[test]
fn a_dither_whose_dials_do_nothing_is_none() {
    let settings = PhotoSettings::default().with_goal(Goal::Nearest, 0, true);
    let idle = Dithering { strength_percent: 40, serpentine: true, ..Dithering::NONE };
    assert_eq!(changed(&settings.panes[0], |pane| pane.dither = idle).goal(), Goal::Nearest);
}

#[test]
fn a_change_is_one_of_all_panes_or_of_one_and_never_of_colours() {
    let mut settings = PhotoSettings::default().with_goal(Goal::Nearest, 0, true);
    settings.panes[2].dither = mask();
    let new = changed(&settings.panes[1], |pane| (pane.method, pane.source.count) = (Method::Octree, 20));
    let of_all = settings.with_pane(1, new.clone(), true);
    assert!(of_all.panes.iter().all(|pane| pane.method == Method::Octree));
    assert_eq!((counts(&of_all), of_all.panes[2].dither), (vec![256, 20, 4], mask()), "what was not changed stays");
    let of_one = settings.with_pane(1, new, false);
    assert_eq!((of_one.panes[0].method, of_one.panes[1].method), (Method::KMeans, Method::Octree));
    let goals = |all| settings.with_goal(Goal::Eye, 0, all).panes.iter().map(PaneSettings::goal).collect::<Vec<_>>();
    assert_eq!(goals(false), [Goal::Eye, Goal::Nearest, Goal::Custom]);
    assert_eq!(goals(true), [Goal::Eye; 3]);
}

#[test]
fn there_are_one_to_four_panes() {
    let mut settings = PhotoSettings::default();
    assert!(settings.panes.add_like(2) && !settings.panes.add_like(0));
    assert_eq!((counts(&settings), settings.panes.len()), (vec![256, 16, 4, 4], MOST_PANES));
    assert!(settings.panes.close(1) && !settings.panes.close(3) && settings.panes.close(0));
    assert_eq!(counts(&settings), [4, 4]);
    assert!(settings.panes.close(1) && !settings.panes.close(0));
    assert_eq!(counts(&settings), [4]);
}

#[test]
fn what_stands_beside_panes_moves_with_them() {
    let mut beside = [Some(0), Some(1), None, Some(3)];
    close_place(&mut beside, 1);
    assert_eq!(beside, [Some(0), None, Some(3), None]);
    close_place(&mut beside, 4);
    close_place(&mut beside, 9);
    assert_eq!(beside, [Some(0), None, Some(3), None]);
}

#[test]
fn titles_say_what_panes_have_not_in_common() {
    let apart = |settings: &PhotoSettings| {
        let specs: Vec<_> = settings.panes.iter().map(PaneSettings::spec).collect();
        let all: Vec<_> = specs.iter().collect();
        specs.iter().map(|spec| spec.words_apart(&all)).collect::<Vec<_>>()
    };
    let mut settings = PhotoSettings::default().with_goal(Goal::Nearest, 0, true);
    assert_eq!(apart(&settings), ["", "", ""]);
    settings.panes[1].dither = Dithering::of("atkinson".parse::<Pattern>().unwrap());
    assert_eq!(apart(&settings), ["no dither", "Atkinson", "no dither"]);
    settings.panes[2].method = Method::MedianCut;
    assert_eq!(apart(&settings), ["k-means, no dither", "k-means, Atkinson", "Median cut, no dither"]);
    settings.panes[2] = PhotoSettings::default().panes[2].clone();
    assert_eq!(apart(&settings), ["no dither", "Atkinson", "best for the eye"]);
    // What has no palette, or none that is fitted, makes no difference to the others.
    settings.panes[1].source.given = quantscope::palette::builtin_palettes().first().cloned();
    settings.panes[2].format = "int4-g32".parse().ok();
    assert_eq!(apart(&settings), ["no dither", "Atkinson", ""]);
}

#[test]
fn the_bridge_shows_nearest_colours_whatever_the_photos_tab_shows() {
    let mut nearest = PhotoSettings::default().with_goal(Goal::Nearest, 0, true);
    for bits in quantscope::run::DIAL {
        nearest.panes[0].source.count = 1 << bits;
        assert_eq!(photo_spec(bits), nearest.pane_spec(0));
        assert_eq!((photo_spec(bits).space(), photo_spec(bits).dither()), (Space::Srgb, Dithering::NONE));
    }
}
