// Names from the languages of Acme's users, in their own script, with the Latin spelling their e-mail addresses use.
import type { Culture } from './countries.ts';
import { integer, pick } from './draws.ts';
import type { Random } from './random.ts';

interface Names {
  readonly given: readonly string[];
  readonly family: readonly string[];
  /** The family name comes first, without a space in Chinese, Japanese and Korean script. */
  readonly familyFirst?: '' | ' ';
}

const words = (text: string): readonly string[] => text.split(' ');

/** `script=latin` where the Latin spelling is not the name without its diacritics. */
const NAMES: Record<Culture, Names> = {
  english: {
    given: words('James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara Emma Olivia Noah Liam Ava Sophia Mason Grace Ethan Chloe Jack Amelia Harry Isla Oscar Ruby Zoe Hannah'),
    family: words("Smith Johnson Williams Brown Jones Miller Davis Wilson Anderson Taylor Thomas Moore Jackson Martin Lee Thompson White Harris Clark Lewis Walker Hall Young King Wright Hughes Bennett O'Brien O'Connor MacLeod"),
  },
  german: {
    given: words('Lukas Anna Jonas Lea Felix Marie Paul Sophie Maximilian Laura Jörg Käthe Jürgen Ute Stefan Björn Antje Sebastian Katharina Florian Heike Uwe Annika Tobias'),
    family: words('Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Krüger Größ=Groess Weiß=Weiss Böhm'),
  },
  french: {
    given: words('Gabriel Louise Léo Jade Raphaël Emma Arthur Alice Hugo Chloé Jules Inès Élodie François Benoît Amélie Théo Zoé Noémie Étienne'),
    family: words('Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Simon Laurent Lefèvre Garnier Chevalier François Mercier Béranger Boyer Gauthier'),
  },
  spanish: {
    given: words('Sofía Mateo Valentina Santiago Camila Sebastián Lucía Diego María José Ximena Andrés Martina Joaquín Elena Íñigo Carmen Raúl Inés Álvaro'),
    family: words('García Rodríguez Martínez Hernández López González Pérez Sánchez Ramírez Torres Flores Rivera Gómez Díaz Reyes Cruz Morales Ortiz Núñez Ibáñez Peña Muñoz'),
  },
  portuguese: {
    given: words('Miguel Helena Arthur Alice Gael Laura Heitor Maria Theo Sofia Davi Júlia João Antônia Caio Letícia Beatriz Thiago Luís Inês'),
    family: words('Silva Santos Oliveira Souza Rodrigues Ferreira Alves Pereira Lima Gomes Costa Ribeiro Martins Carvalho Araújo Conceição Gonçalves Magalhães'),
  },
  italian: {
    given: words('Leonardo Giulia Francesco Aurora Lorenzo Ginevra Alessandro Beatrice Andrea Alice Mattia Chiara Niccolò Matilde Davide Francesca'),
    family: words("Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo Conti De\u00a0Luca D'Angelo Giordano"),
  },
  polish: {
    given: words('Antoni Zuzanna Jan Hanna Aleksander Maja Jakub Julia Szymon Oliwia Stanisław=Stanislaw Łucja=Lucja Michał=Michal Agnieszka Paweł=Pawel Małgorzata=Malgorzata Grażyna Tomasz'),
    family: words('Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Woźniak Dąbrowski Kozłowski=Kozlowski Jankowski Mazur Krawczyk Łukasik=Lukasik'),
  },
  nordic: {
    given: words('William Alice Lucas Maja Elias Astrid Åsa Björn Sören=Soren Ingrid Lars Freja Øyvind=Oyvind Sigrid Mikael Aino Väinö Eero Linnéa Håkan'),
    family: words('Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Lindström Bergström Sjöberg Korhonen Virtanen Mäkinen Nieminen Hansen Sørensen=Sorensen'),
  },
  dutch: {
    given: words('Noah Emma Daan Julia Sem Mila Lars Sanne Pieter Anouk Willem Femke Joris Lotte Thijs Marieke'),
    family: words('de\u00a0Jong Jansen de\u00a0Vries Bakker Visser Smit Meijer Mulder Bos Vos Peters Hendriks Dekker van\u00a0Dijk van\u00a0den\u00a0Berg Kuipers'),
  },
  ukrainian: {
    given: words('Олександр=Oleksandr Марія=Mariia Андрій=Andrii Софія=Sofiia Дмитро=Dmytro Анна=Anna Максим=Maksym Юлія=Yuliia Тарас=Taras Оксана=Oksana Іван=Ivan Наталія=Nataliia'),
    family: words('Мельник=Melnyk Шевченко=Shevchenko Коваленко=Kovalenko Бондаренко=Bondarenko Бойко=Boiko Ткаченко=Tkachenko Кравченко=Kravchenko Ковальчук=Kovalchuk Олійник=Oliinyk Лисенко=Lysenko'),
  },
  turkish: {
    given: words('Yusuf Zeynep Mustafa Elif Ahmet Defne Mehmet Ayşe Emre Özge İrem=Irem Çağla Kerem Şule Barış=Baris Işıl=Isil'),
    family: words('Yılmaz=Yilmaz Kaya Demir Çelik Şahin Yıldız=Yildiz Yıldırım=Yildirim Öztürk Aydın=Aydin Özdemir Arslan Doğan Koç Güneş'),
  },
  indian: {
    given: words('Aarav Saanvi Vivaan Ananya Arjun Diya Rohan Priya Rahul Kavya Vikram Meera Karthik Lakshmi Ravi Sneha Imran Fatima आदित्य=Aditya नेहा=Neha'),
    family: words('Sharma Verma Patel Singh Kumar Gupta Reddy Nair Iyer Rao Khan Das Mukherjee Joshi Mehta Chopra Pillai शर्मा=Sharma सिंह=Singh Banerjee'),
  },
  japanese: {
    given: words('蓮=Ren 陽葵=Himari 湊=Minato 凛=Rin 大翔=Hiroto 結衣=Yui 悠真=Yuma さくら=Sakura 健太=Kenta 美咲=Misaki 翔太=Shota 葵=Aoi 拓海=Takumi 花子=Hanako'),
    family: words('佐藤=Sato 鈴木=Suzuki 高橋=Takahashi 田中=Tanaka 伊藤=Ito 渡辺=Watanabe 山本=Yamamoto 中村=Nakamura 小林=Kobayashi 加藤=Kato 吉田=Yoshida 山田=Yamada'),
    familyFirst: ' ',
  },
  korean: {
    given: words('민준=Minjun 서연=Seoyeon 서준=Seojun 지우=Jiwoo 도윤=Doyun 하윤=Hayun 지훈=Jihoon 수빈=Subin 현우=Hyunwoo 예은=Yeeun'),
    family: words('김=Kim 이=Lee 박=Park 최=Choi 정=Jung 강=Kang 조=Cho 윤=Yoon 장=Jang 임=Lim'),
    familyFirst: '',
  },
  chinese: {
    given: words('伟=Wei 芳=Fang 娜=Na 敏=Min 静=Jing 磊=Lei 洋=Yang 艳=Yan 勇=Yong 杰=Jie 婷=Ting 浩然=Haoran 子涵=Zihan 欣怡=Xinyi'),
    family: words('王=Wang 李=Li 张=Zhang 刘=Liu 陈=Chen 杨=Yang 黄=Huang 赵=Zhao 吴=Wu 周=Zhou 林=Lin 徐=Xu'),
    familyFirst: '',
  },
  arabic: {
    given: words('محمد=Mohamed فاطمة=Fatima أحمد=Ahmed مريم=Maryam علي=Ali نور=Nour عمر=Omar ليلى=Layla يوسف=Youssef سارة=Sara خالد=Khaled هدى=Huda'),
    family: words('حسن=Hassan إبراهيم=Ibrahim المصري=ElMasry الخطيب=AlKhatib منصور=Mansour حداد=Haddad سليمان=Soliman ناصر=Nasser درويش=Darwish فارس=Fares'),
  },
  vietnamese: {
    given: words('Anh Bảo Châu Dũng Hạnh Hiếu Hương Khánh Linh Minh Ngọc Phương Quân Thảo Trang Tuấn'),
    family: words('Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng=Dang Bùi Đỗ=Do'),
    familyFirst: ' ',
  },
  yoruba: {
    given: words('Chidi Amara Tunde Ngozi Emeka Adaeze Olumide Folake Babajide Yetunde Ifeoma Segun Ṣadé=Sade Títílayọ̀=Titilayo'),
    family: words('Adeyemi Okonkwo Okafor Balogun Eze Adebayo Nwosu Ogunleye Abiola Chukwu Adékúnlé Ọláyẹmí=Olayemi'),
  },
};

export interface Name {
  readonly given: string;
  readonly full: string;
  /** Latin letters only, in lower case: what an e-mail address is made of. */
  readonly latinGiven: string;
  readonly latinFamily: string;
}

const script = (entry: string): string => entry.split('=')[0]!;
const latin = (entry: string): string =>
  (entry.split('=')[1] ?? entry)
    .normalize('NFD')
    .replace(/[^a-z]/gi, '')
    .toLowerCase();

/** Some names come twice in a population this size, as they do. */
export function nameFrom(random: Random, culture: Culture): Name {
  const names = NAMES[culture];
  const given = pick(random, names.given);
  const family = pick(random, names.family);
  const middle = integer(random, 1, 100) <= 4 && names.familyFirst === undefined ? ` ${String.fromCodePoint(65 + integer(random, 0, 25))}.` : '';
  const full = names.familyFirst === undefined ? `${script(given)}${middle} ${script(family)}` : `${script(family)}${names.familyFirst}${script(given)}`;
  return { given: script(given), full, latinGiven: latin(given), latinFamily: latin(family) };
}
